#include "cli/get/input_options.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <string>
#include <string_view>

#include "cli/options/option_value.hpp"
#include "cli/options/request_options.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/options/csv_columns.hpp"

namespace leat::cli {

namespace {

enum class Format : std::uint8_t { automatic, lines, json, csv, tsv, aria2 };

constexpr Choice<Format> kFormats[]{{"auto", Format::automatic}, {"lines", Format::lines},
                                    {"json", Format::json},      {"csv", Format::csv},
                                    {"tsv", Format::tsv},        {"aria2", Format::aria2}};

// Of the name, without what says how it is packed. Lines are JSON objects or URLs, so no name says that.
Format format_of(std::string_view path) {
  for (const std::string_view packed : {".gz", ".zst"}) {
    if (path.ends_with(packed)) path.remove_suffix(packed.size());
  }
  return path.ends_with(".csv") ? Format::csv : path.ends_with(".tsv") ? Format::tsv : Format::lines;
}

// Without a URL there is nothing to fetch, so its column must be there.
std::string with_url(std::string columns, const std::vector<pipelines::ColumnOf>& parsed) {
  if (pipelines::names_place(parsed, "url")) return columns;
  return columns.empty() ? "url=url" : columns + ",url=url";
}

Status check_input(const GetOptions& options, System& system) {
  if (options.inputs.size() > 1) {
    return Error(Errc::bad_input, fmt::format("--input: given {} times, takes one FILE; for several use: "
                                              "cat FILE... | leat get",
                                              options.inputs.size()));
  }
  const std::string path = options.inputs.empty() ? "-" : options.inputs.front();
  if (path != "-") {
    const auto error = system.check_readable(path);
    if (!error) return std::nullopt;
    return Error(Errc::bad_input, fmt::format("--input: {}: {}; takes a file, or - for standard input",
                                              text::in_quotes(path), error->message));
  }
  if (options.inputs.empty() && system.is_terminal(STDIN_FILENO)) {
    return Error(Errc::bad_input, "nothing to fetch; give URLs, -i FILE, or a list on standard input");
  }
  if (const auto option = option_that_reads_stdin(options); !option.empty()) {
    return Error(
        Errc::bad_input,
        fmt::format("{}: @- reads standard input, and so does the list of URLs; give URLs or -i FILE",
                    option));
  }
  return std::nullopt;
}

Status read_urls(const GetOptions& options, GetConfig& config) {
  if (!options.inputs.empty()) {
    return Error(Errc::bad_input, "--input: given together with URLs; give one or the other");
  }
  const auto* of_lists = options.input_format ? "--input-format" : options.columns ? "--columns" : nullptr;
  if (of_lists != nullptr) {
    return Error(
        Errc::bad_input,
        fmt::format("{}: given together with URLs; is for a list, from -i FILE or standard input", of_lists));
  }
  config.source = pipelines::UrlsArgs{options.urls};
  return std::nullopt;
}

Status read_list(const GetOptions& options, System& system, GetConfig& config) {
  if (auto error = check_input(options, system)) return error;
  const std::string path = options.inputs.empty() ? "-" : options.inputs.front();
  auto format = Format::automatic;
  if (auto error = read_choice("--input-format", options.input_format, kFormats, format)) return error;
  if (format == Format::automatic) format = format_of(path);
  const bool is_table = format == Format::csv || format == Format::tsv;
  if (options.columns && !is_table) {
    return Error(Errc::bad_input,
                 "--columns: given for a list that is no table; takes --input-format csv or tsv, or a file "
                 "named .csv or .tsv");
  }
  switch (format) {
    case Format::json:
      config.source = pipelines::JsonArgs{path};
      return std::nullopt;
    case Format::aria2:
      config.source = pipelines::Aria2Args{path};
      return std::nullopt;
    case Format::csv:
    case Format::tsv: {
      const std::string columns = options.columns.value_or("");
      if (options.columns && columns.empty()) {
        return not_taken("--columns", columns,
                         "PLACE=COLUMN with commas between, such as url=link,output=name");
      }
      std::vector<pipelines::ColumnOf> parsed;
      if (!columns.empty()) {
        auto read = pipelines::parse_columns(columns);
        if (!read) {
          return Error(Errc::bad_input, fmt::format("--columns: {}: {}", text::in_quotes(columns, 400),
                                                    text::escaped(read.error().message)));
        }
        parsed = std::move(*read);
      }
      config.source = pipelines::CsvArgs{path, format == Format::tsv ? '\t' : ',', with_url(columns, parsed)};
      return std::nullopt;
    }
    default:
      config.source = pipelines::LinesArgs{path};
      return std::nullopt;
  }
}

}  // namespace

Status read_input_options(const GetOptions& options, System& system, GetConfig& config) {
  if (options.dedupe) config.dedupe.emplace().show = true;
  return options.urls.empty() ? read_list(options, system, config) : read_urls(options, config);
}

}  // namespace leat::cli
