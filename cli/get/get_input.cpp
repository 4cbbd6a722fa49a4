#include "cli/get/get_input.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "cli/options/hints/meant.hpp"
#include "cli/options/option_value.hpp"
#include "cli/options/request_options.hpp"
#include "engine/http/message/url.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/options/csv_columns.hpp"
#include "pipelines/options/url_pattern.hpp"

namespace leat::cli {

namespace {

Error bad(std::string message) { return Error(Errc::bad_input, std::move(message)); }

// Of the name, without what says how it is packed. A .jsonl is a list of lines, which may be JSON objects.
std::string format_of(std::string_view path) {
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (path.ends_with(packed)) path.remove_suffix(packed.size());
  }
  for (const std::string_view format : {"csv", "tsv", "json"}) {
    if (path.ends_with("." + std::string(format))) return std::string(format);
  }
  return "lines";
}

// Without a URL there is nothing to fetch, so its column must be there.
Result<std::string> columns_with_url(const std::string& columns) {
  if (columns.empty()) return std::string("url=url");
  auto parsed = pipelines::parse_columns(columns);
  if (!parsed) return parsed.error();
  return pipelines::names_place(*parsed, "url") ? columns : columns + ",url=url";
}

Status check_path(const Given& given, System& system) {
  const auto inputs = given.texts("input");
  if (inputs.size() > 1) {
    return bad(fmt::format("--input: given {} times, takes one FILE; for several use: cat FILE... | leat get",
                           inputs.size()));
  }
  if (!inputs.empty() && inputs.front() != "-") {
    const auto error = system.check_readable(inputs.front());
    if (!error) return std::nullopt;
    return bad(fmt::format("--input: {}: {}; takes a file, or - for standard input",
                           text::in_quotes(inputs.front()), error->message));
  }
  if (inputs.empty() && system.is_terminal(STDIN_FILENO)) {
    return bad("nothing to fetch; give URLs, -i FILE, or a list on standard input");
  }
  if (const auto option = option_that_reads_stdin(given); !option.empty()) {
    return bad(
        fmt::format("--{}: {} reads standard input, and so does the list of URLs; give URLs or -i FILE",
                    option, option == "checksums" ? "-" : "@-"));
  }
  return std::nullopt;
}

// curl's patterns stand for several URLs, unless -g says that they are URLs themselves.
Status expand_patterns(const Given& given, GetInput& input) {
  if (given.has("globoff")) return std::nullopt;
  const bool has_any = std::any_of(input.urls.begin(), input.urls.end(), [](const std::string& url) {
    return url.find_first_of("{}[\\") != std::string::npos;
  });
  if (!has_any) return std::nullopt;
  bool is_pattern = false;
  for (const auto& url : input.urls) {
    auto pattern = pipelines::UrlPattern::compile(url);
    if (const auto fault = pipelines::fault_of(pattern)) {
      return bad(fmt::format("{}: at character {}: {}; -g takes {{ }} and [ ] as they are",
                             text::in_quotes(http::without_userinfo(url), 400), fault->offset + 1,
                             fault->message));
    }
    const auto& compiled = std::get<0>(pattern);
    is_pattern = is_pattern || compiled.size() != 1 || compiled.at(0) != url;
  }
  if (is_pattern) input.stage = "expand";
  return std::nullopt;
}

Result<GetInput> read_urls(const Given& given, System& system) {
  if (given.has("input")) return bad("--input: given together with URLs; give one or the other");
  for (const std::string_view name : {"input-format", "columns"}) {
    if (!given.has(name)) continue;
    return bad(
        fmt::format("--{}: given together with URLs; is for a list, from -i FILE or standard input", name));
  }
  if (auto error = check_url_words(given.operands, system)) return std::move(*error);
  GetInput input;
  input.stage = "urls";
  input.urls = given.texts("url");
  input.urls.insert(input.urls.end(), given.operands.begin(), given.operands.end());
  if (auto error = expand_patterns(given, input)) return std::move(*error);
  return input;
}

Result<GetInput> read_list(const Given& given, System& system) {
  if (auto error = check_path(given, system)) return std::move(*error);
  GetInput input;
  input.path = given.has("input") ? given.text("input") : "-";
  input.stage = given.text("input-format");
  if (input.stage.empty() || input.stage == "auto") input.stage = format_of(input.path);
  if (input.stage == "tsv") {
    input.stage = "csv";
    input.delimiter = "tab";
  }
  if (input.stage != "csv") {
    if (!given.has("columns")) return input;
    return bad(
        "--columns: given for a list that is no table; takes --input-format csv or tsv, or a file "
        "named .csv or .tsv");
  }
  if (given.has("columns") && given.text("columns").empty()) {
    return not_taken("--columns", "", "PLACE=COLUMN with commas between, such as url=link,output=name");
  }
  auto columns = columns_with_url(given.text("columns"));
  if (!columns) return std::move(columns.error());
  input.columns = std::move(*columns);
  return input;
}

}  // namespace

Result<GetInput> read_input(const Given& given, System& system) {
  const bool has_urls = !given.operands.empty() || given.has("url");
  return has_urls ? read_urls(given, system) : read_list(given, system);
}

}  // namespace leat::cli
