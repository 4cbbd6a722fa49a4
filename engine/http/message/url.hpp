#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "engine/error.hpp"

namespace leat::http {

/// A URL as it was written, together with the places of its parts. It is split once, where its text comes in;
/// whoever asks afterwards gets a view.
///
/// It can hold any text, but only the parts of one that check_url accepts mean something. Without "://" there
/// is no scheme, and the text begins with the authority, as in curl. Views are valid until the URL changes.
/// A value.
class Url {
 public:
  /// Where the parts of a text begin.
  struct Places {
    std::uint32_t authority = 0;  // behind the "://"
    std::uint32_t host = 0;       // behind the userinfo and its '@'
    std::uint32_t port = 0;       // of its ':'; the same as `path` if there is none
    std::uint32_t path = 0;       // of the path, query or fragment, or the end
    bool is_https = false;
    bool is_usual = false;  // what stands before the path is the origin already
    bool is_ascii = true;

    [[nodiscard]] bool has_scheme() const noexcept { return authority > kSlashes; }
    [[nodiscard]] std::string_view scheme(std::string_view text) const noexcept {
      return text.substr(0, has_scheme() ? authority - kSlashes : 0);
    }

   private:
    static constexpr std::uint32_t kSlashes = 3;  // "://"
  };
  [[nodiscard]] static Places split(std::string_view text) noexcept;

  Url() noexcept = default;
  explicit Url(std::string text) : text_(std::move(text)) { look(); }
  Url& operator=(std::string_view text) {
    text_ = text;
    look();
    return *this;
  }

  [[nodiscard]] const std::string& text() const noexcept { return text_; }
  [[nodiscard]] std::string take_text() && noexcept { return std::move(text_); }
  [[nodiscard]] bool empty() const noexcept { return text_.empty(); }
  [[nodiscard]] const Places& places() const noexcept { return places_; }

  [[nodiscard]] bool has_scheme() const noexcept { return places_.has_scheme(); }
  [[nodiscard]] bool is_https() const noexcept { return places_.is_https; }
  [[nodiscard]] bool is_ascii() const noexcept { return places_.is_ascii; }
  /// Gives the scheme as it is written.
  [[nodiscard]] std::string_view scheme() const noexcept { return places_.scheme(text_); }
  [[nodiscard]] bool has_userinfo() const noexcept { return places_.host > places_.authority; }
  /// Gives the user and the password as they are written, without '@'.
  [[nodiscard]] std::string_view userinfo() const noexcept {
    return has_userinfo() ? part(places_.authority, places_.host - 1) : std::string_view();
  }
  /// Gives the host as it is written, an IPv6 address with its brackets.
  [[nodiscard]] std::string_view host() const noexcept { return part(places_.host, places_.port); }
  /// Gives the host with the port behind it, if there is one.
  [[nodiscard]] std::string_view host_port() const noexcept { return part(places_.host, places_.path); }
  /// Gives what stands before the path.
  [[nodiscard]] std::string_view before_path() const noexcept { return part(0, places_.path); }
  /// Gives the path, the query and the fragment.
  [[nodiscard]] std::string_view rest() const noexcept { return part(places_.path, text_.size()); }

  /// Gives "scheme://host:port" in lower case and without userinfo. Connections, caps and the health of hosts
  /// are counted by it.
  [[nodiscard]] std::string_view origin() const noexcept {
    return places_.is_usual ? before_path() : std::string_view(origin_);
  }

  friend bool operator==(const Url& url, std::string_view text) noexcept { return url.text_ == text; }
  friend bool operator==(const Url& one, const Url& other) noexcept { return one.text_ == other.text_; }

 private:
  void look();
  [[nodiscard]] std::string_view part(std::size_t from, std::size_t to) const noexcept {
    return {text_.data() + from, to - from};
  }

  std::string text_;
  std::string origin_;  // empty if the text begins with it
  Places places_;
};

/// The cheap check that every URL gets before it is queued. The error is bad_url for blanks, control
/// characters, a missing host, a host over 253 bytes, or a control character in the userinfo, encoded or not.
/// It is unsupported_scheme for anything but http and https. A URL without a scheme is http, as in curl.
[[nodiscard]] Status check_url(const Url& url);
[[nodiscard]] Status check_url(std::string_view url);

/// Gives bad_input if a header field holds CR, LF or NUL, or has no name.
[[nodiscard]] Status check_header(std::string_view field);

/// Gives bad_input if it is no token of at most 32 characters (RFC 9110, 5.6.2).
[[nodiscard]] Status check_method(std::string_view method);

/// Gives the origin of a text that is split for this only; see Url::origin.
[[nodiscard]] std::string origin_of(std::string_view url);

/// Gives the URL without its userinfo, so that it may be printed.
[[nodiscard]] std::string without_userinfo(std::string_view url);

/// Gives the URL, with "http://" in front if it has no scheme.
[[nodiscard]] std::string with_scheme(std::string_view url);

/// Gives the URL in the form in which it is sent: with a scheme, without userinfo, and with its bytes beyond
/// ASCII behind the host as %XX. Every other byte stays as it is, because a URL may be signed.
[[nodiscard]] Url sent_url(const Url& url);

}  // namespace leat::http
