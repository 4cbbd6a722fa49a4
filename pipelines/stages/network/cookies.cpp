#include "pipelines/stages/network/cookies.hpp"

#include "engine/http/cookie_jar.hpp"

namespace leat::pipelines {

std::shared_ptr<http::CookieJar> cookies_for(const http::ClientOptions& options, RunContext& context) {
  if (!options.wire.has_jar()) return nullptr;
  if (!context.cookies) context.cookies = std::make_shared<http::CookieJar>();
  for (const auto& item : options.wire.cookies) {
    if (!item.empty() && !http::is_cookie_data(item)) context.cookies->load(item);
  }
  return context.cookies;
}

}  // namespace leat::pipelines
