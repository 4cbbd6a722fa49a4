#include "engine/http/redirect.hpp"

#include "engine/http/url.hpp"

namespace leat::http {

namespace {

Error refuse(int status, const std::string& why) {
  Error error(Errc::redirect_refused, why);
  error.http_status = status;
  return error;
}

}  // namespace

Status redirect(Hop& hop, int status, const std::string& location, bool trusted) {
  if (Status bad = check_url(location)) {
    return refuse(status, "the redirect's target was refused: " + bad->message);
  }
  const std::string from = origin_of(hop.url);
  const std::string to = origin_of(location);
  if (from.starts_with("https:") && to.starts_with("http:") && !trusted) {
    return refuse(status, "the redirect leads from https to http; --location-trusted would follow it");
  }
  const bool to_get =
      (status == 303 && hop.method != "HEAD") || ((status == 301 || status == 302) && hop.method == "POST");
  if (to_get) {
    hop.method = "GET";
    hop.body = nullptr;
    hop.upload = nullptr;
  }
  if (from != to && !trusted) {
    hop.client_headers = false;
    hop.headers = nullptr;
    hop.userpwd.reset();
  }
  hop.url = without_userinfo(location);
  if (auto user = userinfo_of(location)) hop.userpwd = std::move(user);
  return std::nullopt;
}

Error too_many_redirects(int status, int followed) {
  Error error(Errc::too_many_redirects, "more than " + std::to_string(followed) + " redirects");
  error.http_status = status;
  return error;
}

}  // namespace leat::http
