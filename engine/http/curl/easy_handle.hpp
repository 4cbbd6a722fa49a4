#pragma once

#include "engine/http/curl/curl_objects.hpp"

namespace leat::http {

/// Owns a libcurl easy handle. It must not be in a multi handle when it is destroyed. One thread at a time.
class EasyHandle {
 public:
  EasyHandle() : handle_(make_easy()) {}

  [[nodiscard]] CURL* get() const noexcept { return handle_.get(); }

  template <class T>
  void set(CURLoption option, T value) noexcept {
    curl_easy_setopt(handle_.get(), option, value);
  }

  /// Gives a number that libcurl keeps about the last transfer.
  template <class T>
  [[nodiscard]] T info(CURLINFO what) const noexcept {
    T value{};
    curl_easy_getinfo(handle_.get(), what, &value);
    return value;
  }

 private:
  Easy handle_;
};

}  // namespace leat::http
