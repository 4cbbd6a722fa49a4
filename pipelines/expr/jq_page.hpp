#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "engine/error.hpp"
#include "engine/io/fd.hpp"
#include "pipelines/expr/jq_wire.hpp"

namespace leat::pipelines {

/// A JqPage in memory that a child may share by its descriptor. Gone with the last who maps it.
class SharedJqPage {
 public:
  static Result<SharedJqPage> make();
  SharedJqPage(SharedJqPage&& other) noexcept;
  SharedJqPage& operator=(SharedJqPage&&) = delete;
  ~SharedJqPage();

  [[nodiscard]] int fd() const noexcept { return fd_.get(); }
  /// The request that runs now, from 1; 0 if none does.
  [[nodiscard]] std::uint64_t running() const noexcept;
  /// Since when, in ns of the steady clock.
  [[nodiscard]] std::int64_t started_ns() const noexcept;

 private:
  SharedJqPage(io::Fd fd, JqPage* page) noexcept : fd_(std::move(fd)), page_(page) {}

  io::Fd fd_;
  JqPage* page_;
};

}  // namespace leat::pipelines
