#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace leat {

/// Why a record failed. The names, as `to_string` gives them, are part of the contract with users.
enum class Errc : std::uint8_t {
  bad_input,
  bad_url,
  unsupported_scheme,
  blocked,
  dns_failed,
  dns_timeout,
  connect_refused,
  connect_timeout,
  connect_failed,
  tls_failed,
  tls_untrusted,
  timeout,
  stalled,
  reset,
  truncated,
  bad_response,
  header_too_large,
  body_too_large,
  too_many_redirects,
  redirect_refused,
  http_status,
  checksum_mismatch,
  range_mismatch,
  file_exists,
  name_refused,
  disk_full,
  file_error,
  filter_error,
  exec_failed,
  not_recorded,
  host_down,
  pagination_incomplete,
  cancelled,
  internal,
};

[[nodiscard]] std::string_view to_string(Errc code) noexcept;
[[nodiscard]] std::optional<Errc> errc_named(std::string_view name) noexcept;

/// Whether trying again may help, for an error that says no more than its code.
[[nodiscard]] bool is_retryable(Errc code) noexcept;

/// What went wrong with one record: a value, never thrown.
struct Error {
  Error() = default;
  Error(Errc c, std::string m) : code(c), message(std::move(m)), retryable(is_retryable(c)) {}

  Errc code = Errc::internal;
  std::string message;  // for people; no secrets
  std::string stage;    // the stage of the pipeline that gave it up
  int attempts = 0;
  bool retryable = false;
  int curl_code = 0;      // CURLcode, 0 if libcurl had no part in it
  int http_status = 0;    // 0 if no response came
  int os_errno = 0;       // errno, where a system call failed
  bool of_proxy = false;  // it is the proxy that failed, and says nothing of the host behind it

  /// This process has no descriptor left: fewer transfers at once will mend it.
  [[nodiscard]] bool out_of_descriptors() const noexcept;
};

/// A T or an Error.
template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}

  [[nodiscard]] bool ok() const noexcept { return state_.index() == 0; }
  explicit operator bool() const noexcept { return ok(); }
  [[nodiscard]] T& value() & { return std::get<0>(state_); }
  [[nodiscard]] const T& value() const& { return std::get<0>(state_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &value(); }
  T& operator*() & { return value(); }
  [[nodiscard]] Error& error() { return std::get<1>(state_); }
  [[nodiscard]] const Error& error() const { return std::get<1>(state_); }

 private:
  std::variant<T, Error> state_;
};

/// An Error, or none.
using Status = std::optional<Error>;

}  // namespace leat
