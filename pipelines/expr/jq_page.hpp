#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "pipelines/expr/jq_wire.hpp"

namespace leat::pipelines {

/// A JqPage in memory that a child process may share by its descriptor. It is gone with the last process that
/// maps it.
class SharedJqPage {
 public:
  static Result<SharedJqPage> make();
  SharedJqPage(SharedJqPage&& other) noexcept;
  SharedJqPage& operator=(SharedJqPage&&) = delete;
  ~SharedJqPage();

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  /// Gives the number of the request that runs now, from 1; 0 if none does.
  [[nodiscard]] std::uint64_t running() const noexcept;
  /// Gives the time at which that request began, in ns of the steady clock.
  [[nodiscard]] std::int64_t started_ns() const noexcept;

 private:
  SharedJqPage(io::Fd fd, JqPage* page) noexcept : fd_(std::move(fd)), page_(page) {}

  io::Fd fd_;
  JqPage* page_;
};

}  // namespace leat::pipelines
