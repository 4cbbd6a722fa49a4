#include "cli/bench/bench_record.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/options/table/named_option.hpp"
#include "cli/options/table/option_table.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/shell_word.hpp"

namespace leat::cli {

namespace {

bool is_body(const pipelines::Option& option) noexcept {
  return option.name == "json" || option.name == "data" || option.name.starts_with("data-");
}

// Hides what stands between `from` and `to`, and gives where the text goes on then.
std::size_t hide(std::string& text, std::size_t from, std::size_t to) {
  text.replace(from, to - from, pipelines::kHidden);
  return from + pipelines::kHidden.size();
}

// The end of a JSON value that is not an object or an array.
std::size_t end_of_value(std::string_view text, std::size_t at) {
  if (at >= text.size() || text[at] != '"')
    return std::min(text.find_first_of(",}] \t\r\n", at), text.size());
  for (++at; at < text.size() && text[at] != '"'; ++at) at += text[at] == '\\' ? 1 : 0;
  return std::min(at + 1, text.size());
}

// `"name": value`, wherever it stands, also in a text that is no whole JSON.
void hide_members(std::string& text) {
  for (auto colon = text.find(':'); colon != std::string::npos; colon = text.find(':', colon + 1)) {
    const auto name_end = text.find_last_not_of(" \t\r\n", colon - (colon > 0 ? 1 : 0));
    if (colon == 0 || name_end == std::string::npos || text[name_end] != '"' || name_end == 0) continue;
    const auto name_start = text.rfind('"', name_end - 1);
    if (name_start == std::string::npos) continue;
    const auto name = std::string_view(text).substr(name_start + 1, name_end - name_start - 1);
    const auto value = text.find_first_not_of(" \t\r\n", colon + 1);
    if (value == std::string::npos || !pipelines::names_a_credential(name)) continue;
    if (text[value] != '{' && text[value] != '[') colon = hide(text, value, end_of_value(text, value)) - 1;
  }
}

// `name=value&…`
void hide_form_fields(std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    auto end = std::min(text.find('&', at), text.size());
    const auto equals = text.find('=', at);
    if (equals < end && pipelines::names_a_credential(std::string_view(text).substr(at, equals - at))) {
      end = hide(text, equals + 1, end);
    }
    at = end + 1;
  }
}

// A body says what was measured, so it is shown, but for the fields in it that name a credential.
std::string shown_body(std::string text) {
  hide_members(text);
  hide_form_fields(text);
  return text;
}

std::string shown_value(const pipelines::Option& option, const std::string& value) {
  return is_body(option) ? shown_body(value) : shown(option.secret, value);
}

}  // namespace

NoiseFloor noise_floor_of(const load::LoadResult& result) {
  return {load::estimate_rate(result), result.latency.response.percentile(50),
          result.latency.response.percentile(99)};
}

std::string name_of(const Measurement& measurement) {
  const auto& targets = measurement.plan.targets;
  if (targets.empty()) return "";
  const std::string more = targets.size() > 1 ? fmt::format(" and {} more", targets.size() - 1) : "";
  return text::escaped(http::without_userinfo(targets[0].url)) + more;
}

std::vector<std::string> without_secrets(const std::vector<std::string>& argv) {
  std::vector<std::string> clean;
  const pipelines::Option* pending = nullptr;  // whose value comes next
  for (const auto& argument : argv) {
    if (pending != nullptr) {
      clean.push_back(shown_value(*pending, argument));
      pending = nullptr;
      continue;
    }
    const auto named = option_in(options_at(pipelines::kBench), argument);
    if (named.option != nullptr && named.value > 0) {
      clean.push_back(argument.substr(0, named.value) +
                      shown_value(*named.option, argument.substr(named.value)));
      continue;
    }
    pending = named.option;
    clean.push_back(argument.starts_with('-') ? argument : http::without_userinfo(argument));
  }
  return clean;
}

std::string command_line(const std::vector<std::string>& argv) {
  std::string line;
  for (const auto& argument : argv) line += (line.empty() ? "" : " ") + text::shell_word(argument);
  return line;
}

}  // namespace leat::cli
