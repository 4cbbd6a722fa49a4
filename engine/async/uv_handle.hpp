#pragma once

#include <uv.h>

#include <memory>

namespace leat::async {

/// Closes a libuv handle and frees it in its close callback. Once the owner is gone no callback may use
/// `data`, so it is set to null here, and callbacks must check it.
struct UvDeleter {
  template <class H>
  void operator()(H* handle) const noexcept {
    handle->data = nullptr;
    uv_close(reinterpret_cast<uv_handle_t*>(handle),
             [](uv_handle_t* closed) { delete reinterpret_cast<H*>(closed); });
  }
};

/// The one owner of an initialised libuv handle of type H (uv_poll_t, uv_signal_t, …). Must be destroyed on
/// the loop's thread and before the loop. Only engine/ includes this.
template <class H>
using UvHandle = std::unique_ptr<H, UvDeleter>;

}  // namespace leat::async
