#pragma once

#include <exception>
#include <optional>
#include <type_traits>
#include <utility>
#include <variant>

namespace leat::async {

/// The value of a void function.
using Unit = std::monostate;
template <class T>
using ValueOf = std::conditional_t<std::is_void_v<T>, Unit, T>;

/// How something ended: with a value or with an error.
template <class T>
class [[nodiscard]] Outcome {
 public:
  explicit Outcome(ValueOf<T> value) : value_(std::move(value)) {}
  explicit Outcome(std::exception_ptr error) noexcept : error_(std::move(error)) {}

  [[nodiscard]] bool ok() const noexcept { return !error_; }
  [[nodiscard]] const std::exception_ptr& error() const noexcept { return error_; }
  /// Moves the value out, or throws the error.
  T take() {
    if (error_) std::rethrow_exception(error_);
    if constexpr (!std::is_void_v<T>) return std::move(*value_);
  }

 private:
  std::optional<ValueOf<T>> value_;
  std::exception_ptr error_;
};

}  // namespace leat::async
