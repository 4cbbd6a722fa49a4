#include "cli/get/get_state.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>

#include "engine/http/message/url.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/state/redactor.hpp"

namespace leat::cli {

namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string shown(const std::string& header) {
  const std::string name = header.substr(0, header.find_first_of(":;"));
  return pipelines::Redactor::holds_credentials(name) ? name : header;
}

std::string shown(const DataPart& part) {
  return fmt::format("{}:{:016x}", static_cast<int>(part.kind), text::hash64(part.text));
}

}  // namespace

std::vector<std::pair<std::string, std::string>> journal_config(const GetOptions& options) {
  std::vector<std::pair<std::string, std::string>> config{{"command", "get"}};
  const auto add = [&config](const char* name, const std::string& value) {
    if (!value.empty()) config.emplace_back(name, value);
  };
  const auto add_typed = [&add](const char* name, const std::optional<std::string>& value) {
    if (value) add(name, *value);
  };
  std::vector<std::string> urls;
  std::vector<std::string> headers;
  std::vector<std::string> data;
  for (const auto& url : options.urls) urls.push_back(http::without_userinfo(url));
  for (const auto& header : options.headers) headers.push_back(shown(header));
  for (const auto& part : options.data) data.push_back(shown(part));
  add("URLs", joined(urls));
  add("--input", joined(options.inputs));
  add_typed("--input-format", options.input_format);
  add_typed("--columns", options.columns);
  if (options.dedupe) add("--dedupe", "on");
  add("--header", joined(headers));
  add_typed("--request", options.request);
  add("--data", joined(data));
  add_typed("--output", options.output);
  add_typed("--output-dir", options.output_dir);
  add_typed("--order", options.order);
  add_typed("--format", options.format);
  add_typed("--fields", options.fields);
  add_typed("--hash", options.hash);
  add_typed("--checksums", options.checksums);
  add_typed("--include", options.include);
  return config;
}

}  // namespace leat::cli
