#pragma once

#include "engine/http/curl/easy_handle.hpp"

namespace leat::http {

/// The cookies that servers set along the redirects of one record, kept by the handle's own engine (RFC 6265,
/// public suffixes) and sent on to whom they belong.
///
/// It costs nothing until a redirect comes. Loop thread only; the handle outlives it.
class RedirectCookies {
 public:
  explicit RedirectCookies(EasyHandle& easy) noexcept : easy_(easy) {}

  /// Is called before a hop. `may_begin`: its answer may be a redirect, and nobody else keeps cookies.
  void start_hop(bool may_begin) noexcept { may_begin_ = may_begin && !are_kept_; }
  /// Is called once a status line has come, before the fields; libcurl's header callback may do that.
  void see_status(int status) noexcept;
  [[nodiscard]] bool are_kept() const noexcept { return are_kept_; }

  /// Drops all cookies, so that no other record sees them.
  void forget() noexcept;
  /// Takes over those of another handle of the same record.
  void take(const RedirectCookies& other);

 private:
  void begin() noexcept;

  EasyHandle& easy_;
  bool may_begin_ = false;
  bool are_kept_ = false;
};

}  // namespace leat::http
