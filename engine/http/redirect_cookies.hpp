#pragma once

#include "engine/http/curl/easy_handle.hpp"

namespace leat::http {

/// The cookies that servers set along the redirects of one record. The handle's own engine keeps them (RFC
/// 6265, public suffixes) and sends them to the servers that they are for.
///
/// It costs nothing until a redirect comes. Loop thread only; the handle outlives it.
class RedirectCookies {
 public:
  explicit RedirectCookies(EasyHandle& easy) noexcept : easy_(easy) {}

  /// Call it before a hop. `may_begin` says that its answer may be a redirect and that nobody else keeps
  /// cookies.
  void start_hop(bool may_begin) noexcept { may_begin_ = may_begin && !are_kept_; }
  /// Call it once a status line has come and before the fields behind it; libcurl's header callback may call
  /// it.
  void see_status(int status) noexcept;
  [[nodiscard]] bool are_kept() const noexcept { return are_kept_; }

  /// Drops the cookies, so that no other record gets them.
  void forget() noexcept;
  /// Copies the cookies of another handle that had the same record.
  void take(const RedirectCookies& other);

 private:
  void begin() noexcept;

  EasyHandle& easy_;
  bool may_begin_ = false;
  bool are_kept_ = false;
};

}  // namespace leat::http
