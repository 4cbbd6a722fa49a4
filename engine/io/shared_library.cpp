#include "engine/io/shared_library.hpp"

#include <dlfcn.h>

namespace leat::io {

SharedLibrary::SharedLibrary(const char* file, const char* package)
    : file_(file), package_(package), handle_(::dlopen(file, RTLD_NOW | RTLD_LOCAL)) {
  if (handle_ != nullptr) return;
  const char* why = ::dlerror();
  fault_ = Error(Errc::internal, std::string("can't load ") + file_ + " (" + (why != nullptr ? why : "?") +
                                     "); on Debian: apt-get install " + package_);
}

void* SharedLibrary::find(const char* name) {
  void* found = handle_ == nullptr ? nullptr : ::dlsym(handle_, name);
  if (found == nullptr && !fault_) {
    fault_ = Error(Errc::internal, std::string(file_) + " has no " + name +
                                       ": another version than Debian 12's; apt-get install " + package_);
  }
  return found;
}

}  // namespace leat::io
