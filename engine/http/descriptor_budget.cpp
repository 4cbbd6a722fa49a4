#include "engine/http/descriptor_budget.hpp"

#include <sys/resource.h>

namespace leat::http {

namespace {

constexpr std::size_t kUnknown = 256;  // POSIX promises 20, every system gives this

}  // namespace

void raise_descriptor_limit() noexcept {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == files.rlim_max) return;
  files.rlim_cur = files.rlim_max;
  setrlimit(RLIMIT_NOFILE, &files);
}

DescriptorBudget DescriptorBudget::of_process() noexcept {
  rlimit files{};
  return DescriptorBudget(getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : kUnknown);
}

}  // namespace leat::http
