#include "engine/http/wire_settings.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "engine/http/message/protocols.hpp"
#include "engine/http/tls/certificate_name.hpp"

namespace leat::http {

namespace {

struct TextRow {
  std::string WireOptions::*field;
  CURLoption option;
};
constexpr std::array kTexts{
    TextRow{&WireOptions::pinned_key, CURLOPT_PINNEDPUBLICKEY},
    TextRow{&WireOptions::unix_socket, CURLOPT_UNIX_SOCKET_PATH},
};

// WireOptions::direct. An option that needs no more than its value is a line here, its row in
// pipelines/options, and its test.
enum class Form : std::uint8_t { text, flag, lines, auth, schemes };
struct DirectRow {
  std::string_view name;
  CURLoption option;
  Form form = Form::text;
};
constexpr std::array kDirect{
    DirectRow{"interface", CURLOPT_INTERFACE},
    DirectRow{"request-target", CURLOPT_REQUEST_TARGET},
    DirectRow{"aws-sigv4", CURLOPT_AWS_SIGV4},
    DirectRow{"auth", CURLOPT_HTTPAUTH, Form::auth},
    DirectRow{"proxy-auth", CURLOPT_PROXYAUTH, Form::auth},
    DirectRow{"proxy-header", CURLOPT_PROXYHEADER, Form::lines},
    DirectRow{"proxytunnel", CURLOPT_HTTPPROXYTUNNEL, Form::flag},
    DirectRow{"proto", CURLOPT_PROTOCOLS_STR, Form::schemes},
};
const DirectRow* direct_row(std::string_view name) noexcept {
  const auto* const row =
      std::find_if(kDirect.begin(), kDirect.end(), [name](const DirectRow& one) { return one.name == name; });
  return row == kDirect.end() ? nullptr : row;
}

// As libcurl names ways to authenticate; "any" lets it choose by what the server offers.
unsigned long auth_of(std::string_view way) noexcept {
  if (way == "digest") return CURLAUTH_DIGEST;
  if (way == "ntlm") return CURLAUTH_NTLM;
  if (way == "negotiate") return CURLAUTH_NEGOTIATE;
  return way == "any" ? CURLAUTH_ANY : CURLAUTH_BASIC;
}

template <class T>
struct Number {
  T value;
  long number;
};
template <class T>
Number(T, long) -> Number<T>;  // clang 14 does not know it without this
constexpr std::array kIps{Number{WireOptions::Ip::any, static_cast<long>(CURL_IPRESOLVE_WHATEVER)},
                          Number{WireOptions::Ip::v4, static_cast<long>(CURL_IPRESOLVE_V4)},
                          Number{WireOptions::Ip::v6, static_cast<long>(CURL_IPRESOLVE_V6)}};
constexpr std::array kHttps{Number{WireOptions::Http::v1_1, static_cast<long>(CURL_HTTP_VERSION_1_1)},
                            Number{WireOptions::Http::v2, static_cast<long>(CURL_HTTP_VERSION_2TLS)}};
constexpr std::array kTlss{Number{WireOptions::Tls::v1_2, static_cast<long>(CURL_SSLVERSION_TLSv1_2)},
                           Number{WireOptions::Tls::v1_3, static_cast<long>(CURL_SSLVERSION_TLSv1_3)}};
template <class T, std::size_t N>
long number_of(const std::array<Number<T>, N>& rows, T value) noexcept {
  for (const auto& row : rows) {
    if (row.value == value) return row.number;
  }
  return rows[0].number;
}

}  // namespace

namespace {

void attach_direct(EasyHandle& handle, const DirectRow& row, const std::string& value) {
  switch (row.form) {
    case Form::text:
      return handle.set(row.option, value.c_str());
    case Form::flag:
      return handle.set(row.option, 1L);
    case Form::auth:
      return handle.set(row.option, auth_of(value));
    case Form::schemes:
      return handle.set(row.option, allowed_schemes(value).c_str());
    case Form::lines:
      return;  // all of them together
  }
}

}  // namespace

bool is_direct_option(std::string_view name) noexcept { return direct_row(name) != nullptr; }

WireSettings::WireSettings(const WireOptions& options)
    : options_(options), proxies_(options), connect_to_hosts_(options.connect_to) {
  for (const auto& item : options.connect_to) append(connect_to_, item.c_str());
  for (const auto& item : options.cookies) {
    if (!is_cookie_data(item)) continue;
    if (!own_cookies_.empty()) own_cookies_ += "; ";
    own_cookies_ += item;
  }
  for (const auto& [name, value] : options.direct) {
    const DirectRow* row = direct_row(name);
    if (row != nullptr && row->form == Form::lines) append(proxy_headers_, value.c_str());
    if (row != nullptr && row->form == Form::auth) negotiates_ = negotiates_ || value != "basic";
    if (row != nullptr && row->option == CURLOPT_REQUEST_TARGET) has_target_ = !value.empty();
  }
  std::tie(cert_, cert_password_) = split_certificate(options.cert);
  if (!options.key_password.empty()) cert_password_ = options.key_password;
}

void WireSettings::attach(EasyHandle& handle) const {
  for (const auto& row : kTexts) {
    const std::string& value = options_.*row.field;
    if (!value.empty()) handle.set(row.option, value.c_str());
  }
  for (const auto& [name, value] : options_.direct) {
    const DirectRow* row = direct_row(name);
    if (row != nullptr && !value.empty()) attach_direct(handle, *row, value);
  }
  if (proxy_headers_) handle.set(CURLOPT_PROXYHEADER, proxy_headers_.get());
  handle.set(CURLOPT_HTTP_VERSION, number_of(kHttps, options_.http));
  handle.set(CURLOPT_SSLVERSION, number_of(kTlss, options_.tls));
  handle.set(CURLOPT_IPRESOLVE, number_of(kIps, options_.ip));
  handle.set(CURLOPT_PROXY, "");  // else libcurl looks into the environment for each request
  handle.set(CURLOPT_NOPROXY, proxies_.except().c_str());
  if (connect_to_) handle.set(CURLOPT_CONNECT_TO, connect_to_.get());
  // If there is no pass phrase, not even an empty one, OpenSSL asks for it and may read standard input.
  if (!cert_.empty()) handle.set(CURLOPT_KEYPASSWD, cert_password_.c_str());
  // Only handles that ask for cookies use those of their share.
  if (options_.has_jar()) handle.set(CURLOPT_COOKIEFILE, "");
  if (has_own()) attach_own(handle, true);
  if (options_.compressed) handle.set(CURLOPT_ACCEPT_ENCODING, "deflate, gzip, br, zstd");
  if (has_proxies()) {
    if (options_.proxy_tunnel) handle.set(CURLOPT_HTTPPROXYTUNNEL, 1L);
    handle.set(CURLOPT_PROXY_CAINFO, static_cast<char*>(nullptr));
    handle.set(CURLOPT_PROXY_CAPATH, static_cast<char*>(nullptr));
    if (options_.proxy_insecure) {
      handle.set(CURLOPT_PROXY_SSL_VERIFYPEER, 0L);
      handle.set(CURLOPT_PROXY_SSL_VERIFYHOST, 0L);
    }
  }
}

std::string WireSettings::peer_of(std::string_view origin) const {
  if (const Proxy& proxy = proxies_.of(origin); !proxy.url.empty()) return proxy.origin();
  return options_.connect_to.empty() ? std::string() : connect_to_hosts_.of(origin);
}

void WireSettings::attach_proxy(EasyHandle& handle, std::string_view origin, const Proxy*& current) const {
  const Proxy& proxy = proxies_.of(origin);
  if (&proxy == current) return;
  current = &proxy;
  handle.set(CURLOPT_PROXY, proxy.url.c_str());
  handle.set(CURLOPT_PROXYUSERPWD, proxy.userpwd.empty() ? nullptr : proxy.userpwd.c_str());
}

void WireSettings::describe_proxy(const Proxy* current, FailureContext& context) const {
  if (current == nullptr || current->url.empty()) return;
  context.proxied = true;
  context.proxy_looks_up = current->looks_names_up();
}

void WireSettings::attach_own(EasyHandle& handle, bool own) const {
  const auto text = [own](const std::string& value) {
    return own && !value.empty() ? value.c_str() : static_cast<const char*>(nullptr);
  };
  handle.set(CURLOPT_COOKIE, text(own_cookies_));
  if (cert_.empty() && options_.key.empty()) return;
  handle.set(CURLOPT_SSLCERT, text(cert_));
  handle.set(CURLOPT_SSLKEY, text(options_.key));
}

}  // namespace leat::http
