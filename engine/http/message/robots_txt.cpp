#include "engine/http/message/robots_txt.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <utility>

#include "engine/text/ascii.hpp"
#include "engine/text/number.hpp"
#include "engine/text/percent.hpp"
#include "engine/text/utf8.hpp"

namespace leat::http {

namespace {

constexpr std::string_view kBlanks = " \t";
constexpr async::Duration kMostDelay = std::chrono::hours(24);

// The form in which paths and patterns are compared (RFC 9309, 2.2.2): octets outside of US-ASCII are
// encoded, and of what is encoded only what is unreserved is not. In a query a delimiter means the same
// either way. The signs of patterns are encoded where they are only characters.
std::string comparable(std::string_view text, bool is_pattern) {
  constexpr std::string_view kDelimiters = ":/?#[]@";
  std::string out;
  bool in_query = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (const auto meant = text::percent_byte(text, at)) {
      text::append_percent_normal(out, *meant);
      at += 2;
    } else if (c == '*' || c == '$') {
      const bool is_sign = is_pattern && (c == '*' || at + 1 == text.size());
      is_sign ? void(out += c) : text::append_percent_encoded(out, c);
    } else if (static_cast<unsigned char>(c) >= 0x80 ||
               (in_query && kDelimiters.find(c) != kDelimiters.npos)) {
      text::append_percent_encoded(out, c);
    } else {
      out += c;
    }
    in_query = in_query || c == '?';
  }
  return out;
}

// Each text between two stars is taken where it comes first. So the time is at most the product of both
// lengths.
bool matches(std::string_view pattern, std::string_view path) {
  const bool to_end = pattern.ends_with('$');
  if (to_end) pattern.remove_suffix(1);
  const auto star = std::min(pattern.find('*'), pattern.size());
  if (!path.starts_with(pattern.substr(0, star))) return false;
  if (star == pattern.size()) return !to_end || path.size() == star;
  path.remove_prefix(star);
  pattern.remove_prefix(star + 1);
  for (auto next = pattern.find('*'); next != std::string_view::npos; next = pattern.find('*')) {
    const auto found = path.find(pattern.substr(0, next));
    if (found == std::string_view::npos) return false;
    path.remove_prefix(found + next);
    pattern.remove_prefix(next + 1);
  }
  return to_end ? path.ends_with(pattern) : path.find(pattern) != std::string_view::npos;
}

struct Line {
  std::string key;  // in lower case; empty if the line says nothing
  std::string_view value;
};

Line read_line(std::string_view line) {
  line = line.substr(0, line.find('#'));
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return {};
  return {text::to_lower(text::trimmed(line.substr(0, colon), kBlanks)),
          text::trimmed(line.substr(colon + 1), kBlanks)};
}

/// Reads the groups, and keeps what those of one agent say.
class Reader {
 public:
  explicit Reader(std::string_view agent) : agent_(text::to_lower(agent)) {}

  void read(std::string_view text) {
    std::size_t number = 1;
    while (!text.empty()) {
      const auto end = std::min(text.find_first_of("\r\n"), text.size());
      look_at(read_line(text.substr(0, end)), number++);
      const bool both = text.substr(end).starts_with("\r\n");
      text.remove_prefix(std::min(end + (both ? 2 : 1), text.size()));
    }
  }

  std::vector<RobotsTxt::Rule> rules;
  async::Duration delay{0};
  bool found = false;  // a group of that agent

 private:
  // Lines with other keys, such as sitemaps, do not end a group.
  void look_at(const Line& line, std::size_t number) {
    if (line.key == "user-agent") {
      if (!std::exchange(in_agents_, true)) is_ours_ = false;
      const auto name = line.value == "*" ? line.value : product_token(line.value);
      const bool is_ours = text::to_lower(name) == agent_;
      is_ours_ = is_ours_ || is_ours;
      found = found || is_ours;
    } else if (line.key == "allow" || line.key == "disallow") {
      in_agents_ = false;
      if (!is_ours_ || line.value.empty()) return;
      const bool allows = line.key == "allow";
      rules.push_back({comparable(line.value, true),
                       (allows ? "Allow: " : "Disallow: ") + std::string(line.value), number, allows});
    } else if (line.key == "crawl-delay") {
      in_agents_ = false;
      const auto seconds = text::parse_number<double>(line.value);
      if (!is_ours_ || !seconds || !std::isfinite(*seconds) || *seconds <= 0) return;
      const auto most = std::chrono::duration<double>(kMostDelay).count();
      const std::chrono::duration<double> wanted(std::min(*seconds, most));
      delay = std::max(delay, std::chrono::duration_cast<async::Duration>(wanted));
    }
  }

  std::string agent_;
  bool in_agents_ = false;  // the line before was a user-agent, others aside
  bool is_ours_ = false;    // the group
};

}  // namespace

std::string_view product_token(std::string_view user_agent) noexcept {
  const auto end = std::find_if_not(user_agent.begin(), user_agent.end(),
                                    [](char c) { return text::is_letter(c) || c == '_' || c == '-'; });
  return user_agent.substr(0, static_cast<std::size_t>(end - user_agent.begin()));
}

RobotsTxt::RobotsTxt(std::string_view file, std::string_view product) {
  const auto text = text::without_byte_order_mark(file.substr(0, kMostBytes));
  for (const std::string_view agent : {product, std::string_view("*")}) {
    if (agent.empty()) continue;
    Reader reader(agent);
    reader.read(text);
    if (!reader.found) continue;
    agent_ = agent;
    rules_ = std::move(reader.rules);
    delay_ = reader.delay;
    return;
  }
}

const RobotsTxt::Rule* RobotsTxt::refuses(std::string_view path_and_query) const {
  path_and_query = path_and_query.substr(0, path_and_query.find('#'));
  std::string path = comparable(path_and_query, false);
  if (!path.starts_with('/')) path.insert(0, "/");
  if (path == "/robots.txt") return nullptr;
  const Rule* best = nullptr;
  for (const auto& rule : rules_) {
    const bool is_better = best == nullptr || rule.pattern.size() > best->pattern.size() ||
                           (rule.pattern.size() == best->pattern.size() && rule.allows);
    if (is_better && matches(rule.pattern, path)) best = &rule;
  }
  return best == nullptr || best->allows ? nullptr : best;
}

}  // namespace leat::http
