#pragma once

#include <optional>
#include <string>

#include "engine/error.hpp"

namespace leat::io {

/// A shared library that dlopen(3) loads when this is made, and that stays loaded. It is for libraries that
/// few runs need and every start would pay for if the loader loaded them: libxml2 brings ICU with it, which
/// is five libraries, some 1 MB of memory and a tenth of the time that a start takes.
///
/// A structure with static lifetime holds it together with the Symbols that are looked up in it. Any thread.
class SharedLibrary {
 public:
  /// `file` is a name as dlopen takes it ("libxml2.so.2"); `package` is the Debian package that has it.
  SharedLibrary(const char* file, const char* package);
  SharedLibrary(const SharedLibrary&) = delete;
  SharedLibrary& operator=(const SharedLibrary&) = delete;

  /// Says what could not be loaded or found first, and which package to install (internal). If it is empty,
  /// every Symbol may be used.
  [[nodiscard]] const Status& fault() const noexcept { return fault_; }

 private:
  template <class T>
  friend class Symbol;
  [[nodiscard]] void* find(const char* name);

  const char* file_;
  const char* package_;
  void* handle_;
  Status fault_;
};

/// The function or variable of type T that a SharedLibrary has by that name. It is called or read as T
/// itself.
template <class T>
class Symbol {
 public:
  Symbol(SharedLibrary& library, const char* name) : address_(reinterpret_cast<T*>(library.find(name))) {}

  operator T*() const noexcept { return address_; }

 private:
  T* address_;
};

}  // namespace leat::io
