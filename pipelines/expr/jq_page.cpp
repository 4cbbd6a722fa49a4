#include "pipelines/expr/jq_page.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <utility>

#include "engine/io/file_error.hpp"

namespace leat::pipelines {

Result<SharedJqPage> SharedJqPage::make() {
  io::Fd fd(::memfd_create("leat-jq", MFD_CLOEXEC));
  if (!fd || ::ftruncate(fd.get(), sizeof(JqPage)) != 0)
    return io::file_failure(errno, "make", "shared memory");
  void* const shared = ::mmap(nullptr, sizeof(JqPage), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
  if (shared == MAP_FAILED) return io::file_failure(errno, "map", "shared memory");
  return SharedJqPage(std::move(fd), std::construct_at(static_cast<JqPage*>(shared)));
}

SharedJqPage::SharedJqPage(SharedJqPage&& other) noexcept
    : fd_(std::move(other.fd_)), page_(std::exchange(other.page_, nullptr)) {}

SharedJqPage::~SharedJqPage() {
  if (page_ != nullptr) ::munmap(page_, sizeof(JqPage));
}

std::uint64_t SharedJqPage::running() const noexcept {
  return page_->running.load(std::memory_order_acquire);
}

std::int64_t SharedJqPage::started_ns() const noexcept {
  return page_->started_ns.load(std::memory_order_relaxed);
}

}  // namespace leat::pipelines
