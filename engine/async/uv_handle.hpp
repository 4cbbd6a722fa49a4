#pragma once

#include <uv.h>

#include <memory>

namespace leat::async {

/// Closes a libuv handle and frees it in its close callback. After the owner is gone no callback may use
/// `data`, so it is nulled: callbacks must look.
struct UvDeleter {
  template <class H>
  void operator()(H* handle) const noexcept {
    handle->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<H*>(closed); });
  }
};

/// The one owner of an initialised libuv handle of type H (uv_poll_t, uv_signal_t, …). Destroyed on the
/// loop's thread, before the loop. Only engine/ includes this.
template <class H>
using UvHandle = std::unique_ptr<H, UvDeleter>;

}  // namespace leat::async
