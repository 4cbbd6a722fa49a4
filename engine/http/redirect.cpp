#include "engine/http/redirect.hpp"

#include <cstring>

#include "engine/http/message/base_url.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/text/ascii.hpp"

namespace leat::http {

namespace {

Error refuse(int status, const std::string& why) {
  Error error(Errc::redirect_refused, why);
  error.http_status = status;
  return error;
}

Error refuse_target(int status, const Error& why) {
  return refuse(status, "the redirect's target was refused: " + why.message);
}

}  // namespace

bool is_redirect(int status) noexcept {
  return (status >= 300 && status <= 303) || status == 307 || status == 308;
}

// CURLINFO_REDIRECT_URL is not used, because libcurl 7.88 refuses a blank in an absolute URL, makes "+" of
// one in a query, and drops an empty query.
Result<Url> redirect_target(const Url& base, int status, std::string_view location) {
  if (text::has_control(location))
    return refuse_target(status, Error(Errc::bad_url, "it holds a control character"));
  // "javascript:1" would otherwise be a host and its port, as it is where a user writes it.
  if (const std::string_view scheme = scheme_of_reference(location); !scheme.empty()) {
    if (Status bad = check_url(std::string(scheme) + "://host")) return refuse_target(status, *bad);
  }
  Url target(resolve_url(base.text(), location));
  if (Status bad = check_url(target)) return refuse_target(status, *bad);
  if (target.host_port().find("%20") != std::string_view::npos)
    return refuse_target(status, Error(Errc::bad_url, "its host holds a blank"));
  return target;
}

Status redirect(Hop& hop, int status, const Url& location, Trust trust) {
  if (Status bad = check_url(location)) return refuse_target(status, *bad);
  const bool is_elsewhere = hop.url.origin() != location.origin();
  if (hop.url.is_https() && !location.is_https() && trust != Trust::all) {
    return refuse(status, "the redirect leads from https to http; location-trusted would follow it");
  }
  const bool to_get =
      (status == 303 && hop.method != "HEAD") || ((status == 301 || status == 302) && hop.method == "POST");
  if (to_get) {
    hop.method = "GET";
    hop.body = nullptr;
    hop.upload = nullptr;
    hop.luggage.body = false;
  }
  if (is_elsewhere && trust == Trust::none) {
    const bool has_body = hop.body != nullptr || hop.upload != nullptr;
    const bool keeps_request = status == 307 || status == 308 || has_body;
    hop.luggage.own = false;
    hop.luggage.body = hop.luggage.body && keeps_request;
    hop.luggage.accept = hop.luggage.accept && keeps_request;
    hop.userpwd.reset();
  }
  hop.url = sent_url(location);
  if (auto user = userinfo_of(location)) hop.userpwd = std::move(user);
  return std::nullopt;
}

// If a server writes head and body one after the other, they may come 40 ms apart, because the second waits
// for the acknowledgement of the first (Nagle's algorithm against delayed acknowledgements).
async::Duration redirect_body_wait(const ResponseHead& head) {
  constexpr async::Duration kWait = std::chrono::milliseconds(100);
  const bool has_end = head.chunked || head.content_length;
  const bool is_short = has_end && head.content_length.value_or(0) <= kMaxRedirectBody;
  const auto connection = head.headers.find("connection");
  const bool closes = connection && strcasestr(std::string(*connection).c_str(), "close") != nullptr;
  return is_short && !closes ? kWait : async::Duration(0);
}

Status unfollowed_redirect(const ResponseHead& head) {
  const int status = head.status;
  if (status < 300 || status > 399 || status == 304) return std::nullopt;
  const std::string answer = "the answer is " + std::to_string(status);
  if (!is_redirect(status)) return refuse(status, answer + ", which is not followed and is not saved");
  if (!head.headers.find("location").value_or("").empty()) return too_many_redirects(status, 0);
  if (status == 300) return refuse(status, answer + ", and no Location says which of the choices to take");
  return refuse(status, answer + " without a Location, so there is nothing to follow");
}

Error too_many_redirects(int status, int followed) {
  Error error(Errc::too_many_redirects, "more than " + std::to_string(followed) + " redirects");
  error.http_status = status;
  return error;
}

}  // namespace leat::http
