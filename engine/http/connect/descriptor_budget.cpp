#include "engine/http/connect/descriptor_budget.hpp"

#include <sys/resource.h>

#include <string>

namespace leat::http {

namespace {

constexpr int kUsual = 1024;
constexpr std::size_t kUnknown = 256;  // POSIX promises only 20, but every system gives this many

}  // namespace

Status raise_descriptor_limit(std::size_t least) {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != files.rlim_max) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
  }
  return DescriptorBudget::of_process().check(least);
}

Status DescriptorBudget::check(std::size_t least) const {
  if (limit_ >= least) return std::nullopt;
  return Error(Errc::bad_input, "the limit of open files (RLIMIT_NOFILE) is " + std::to_string(limit_) +
                                    ", which is too few; raise it to " + std::to_string(least) +
                                    " or more, as by: ulimit -n " + std::to_string(kUsual));
}

DescriptorBudget DescriptorBudget::of_process() noexcept {
  rlimit files{};
  return DescriptorBudget(getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : kUnknown);
}

}  // namespace leat::http
