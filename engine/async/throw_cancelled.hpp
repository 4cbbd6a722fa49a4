#pragma once

#include <cxxabi.h>
#include <unwind.h>

#include <exception>
#include <new>
#include <typeinfo>

#include "engine/async/errors.hpp"

namespace leat::async {

/// `throw Cancelled{}`, a quarter cheaper.
///
/// What a cancellation costs is libgcc's unwinder, which looks at each frame between the throw and its
/// handler twice: here those are the coroutine's own and that of libstdc++'s __cxa_throw. This does, in line,
/// what the latter does, by the same public functions (Itanium C++ ABI, 2.4): make the exception, which one
/// reference holds, count it as uncaught, raise it. Handlers, std::exception_ptr and clean-up see no
/// difference.
[[noreturn, gnu::always_inline]] inline void throw_cancelled() {
#ifdef __GLIBCXX__
  struct Globals {  // __cxa_eh_globals, as the ABI has it
    void* caught;
    unsigned int uncaught;
  };
  void* const exception = __cxxabiv1::__cxa_allocate_exception(sizeof(Cancelled));
  new (exception) Cancelled;
  auto* const type = const_cast<std::type_info*>(&typeid(Cancelled));
  auto* const header = __cxxabiv1::__cxa_init_primary_exception(exception, type, nullptr);
  *reinterpret_cast<int*>(header) = 1;  // its references
  ++reinterpret_cast<Globals*>(__cxxabiv1::__cxa_get_globals())->uncaught;
  _Unwind_RaiseException(static_cast<_Unwind_Exception*>(exception) - 1);
  std::terminate();  // nobody catches it, as for any throw
#else
  throw Cancelled{};
#endif
}

}  // namespace leat::async
