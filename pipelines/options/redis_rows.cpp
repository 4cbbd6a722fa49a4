#include "pipelines/options/redis_rows.hpp"

#include <optional>
#include <string>

#include "pipelines/state/secrets.hpp"

namespace leat::pipelines {

namespace {

std::optional<TextFault> check_url(const std::string& text) {
  const auto url = redis::parse_redis_url(text);
  if (url.ok()) return std::nullopt;
  return TextFault{0, url.error().message};
}

std::optional<TextFault> check_key(const std::string& text) {
  if (!text.empty()) return std::nullopt;
  return TextFault{0, "a key of Redis is not empty"};
}

}  // namespace

ArgRow redis_key_row(std::string_view help) noexcept {
  return {.name = "KEY", .type = ArgType::text, .help = help, .required = true, .check = check_key};
}

const ArgRow& redis_at_row() noexcept {
  static const ArgRow row{.key = "at",
                          .name = "URL",
                          .type = ArgType::text,
                          .help =
                              "the server: redis://[user:pass@]host[:port]/DB, rediss://… or "
                              "unix:SOCKET?db=N",
                          .check = check_url,
                          .shown = [](const std::string& value) { return shown(Secret::url, value); },
                          .standard = kUsualRedis};
  return row;
}

const ArgRow& redis_away_row() noexcept {
  static const ArgRow row{.key = "away",
                          .name = "T",
                          .type = ArgType::duration,
                          .help = "how long the server may be away, or out of memory, before the run ends",
                          .least = 1,
                          .standard = "1min"};
  return row;
}

}  // namespace leat::pipelines
