#include "pipelines/stages/stage_args.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "pipelines/options/checks.hpp"
#include "pipelines/options/csv_columns.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array kFileRow{
    ArgRow{.name = "FILE", .type = ArgType::path, .help = "what is read; - is standard input (default -)"}};

constexpr std::array<std::string_view, 3> kDelimiters{"comma", "tab", "semicolon"};
constexpr std::array kCsvRows{
    kFileRow[0],
    ArgRow{.key = "delimiter",
           .name = "WORD",
           .type = ArgType::word,
           .help = "comma, tab or semicolon (default comma)",
           .choices = kDelimiters},
    ArgRow{.key = "columns",
           .name = "LIST",
           .type = ArgType::text,
           .help = "url=link,output=name: columns that must be there, and what they are",
           .check = check_columns}};

constexpr std::array kUrlsRows{ArgRow{
    .name = "URL", .type = ArgType::url, .help = "what is fetched", .required = true, .repeatable = true}};

constexpr std::array kExpandRows{ArgRow{.name = "PATTERN",
                                        .type = ArgType::url,
                                        .help = "URLs with {a,b}, [1-100], [01-10:2], [a-z]",
                                        .required = true,
                                        .repeatable = true,
                                        .check = check_pattern}};

}  // namespace

std::span<const ArgRow> file_rows() noexcept { return kFileRow; }
std::span<const ArgRow> csv_rows() noexcept { return kCsvRows; }
std::span<const ArgRow> urls_rows() noexcept { return kUrlsRows; }
std::span<const ArgRow> expand_rows() noexcept { return kExpandRows; }

StageArgs bind_csv(const BoundStage& stage) {
  const ArgReader reader(stage);
  CsvArgs args;
  std::string delimiter = "comma";
  reader.read("FILE", args.path);
  reader.read("delimiter", delimiter);
  reader.read("columns", args.columns);
  args.delimiter = delimiter == "tab" ? '\t' : delimiter == "semicolon" ? ';' : ',';
  return args;
}

StageArgs bind_urls(const BoundStage& stage) { return UrlsArgs{ArgReader(stage).texts("URL")}; }

StageArgs bind_expand(const BoundStage& stage) { return ExpandArgs{ArgReader(stage).texts("PATTERN")}; }

}  // namespace leat::pipelines
