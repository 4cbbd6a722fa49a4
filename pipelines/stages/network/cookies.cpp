#include "pipelines/stages/network/cookies.hpp"

#include <utility>

#include "engine/http/cookie_jar.hpp"
#include "pipelines/plan/for_each_fetch.hpp"

namespace leat::pipelines {

std::shared_ptr<http::CookieJar> cookies_for(const http::ClientOptions& options, RunContext& context) {
  if (!options.wire.has_jar()) return nullptr;
  if (!context.cookies) context.cookies = std::make_shared<http::CookieJar>();
  for (const auto& item : options.wire.cookies) {
    if (!item.empty() && !http::is_cookie_data(item)) context.cookies->load(item);
  }
  return context.cookies;
}

Status save_cookies(const Plan& plan, const RunContext& context) {
  Status first;
  if (!context.cookies) return first;
  for_each_fetch(plan, [&](const FetchArgs& args) {
    const std::string& file = args.client.wire.cookie_jar;
    if (file.empty()) return;
    if (auto error = context.cookies->save(file); error && !first) first = std::move(error);
  });
  return first;
}

}  // namespace leat::pipelines
