#include <array>

#include "pipelines/options/checks.hpp"
#include "pipelines/options/choices.hpp"
#include "pipelines/options/option.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 2> kOrders{"completion", "input"};
constexpr std::array<std::string_view, 5> kFormats{"auto", "text", "json", "csv", "tsv"};

constexpr std::array kRows{
    Option{.name = "order",
           .value = "ORDER",
           .type = ArgType::word,
           .choices = kOrders,
           .standard = "completion",
           .at = kGet,
           .same_run = true,
           .help = "print results by completion or by input"},
    Option{.name = "format",
           .value = "FORMAT",
           .type = ArgType::temp,
           .choices = kFormats,
           .check = check_text,
           .standard = "auto",
           .at = kGet,
           .same_run = true,
           .help = "print text, json, csv, tsv or a template"},
    Option{.name = "color",
           .value = "WHEN",
           .type = ArgType::word,
           .choices = kColours,
           .standard = "auto",
           .at = kGet | kRun,
           .help = "use colours: auto, always or never"},
    Option{.name = "fields",
           .value = "LIST",
           .type = ArgType::list,
           .check = check_fields,
           .at = kGet,
           .same_run = true,
           .help = "print these fields only: url,status,meta.k"},
    Option{.name = "include",
           .value = "LIST",
           .type = ArgType::list,
           .check = check_include,
           .at = kGet,
           .same_run = true,
           .help = "also print body, headers or json in results"},
    Option{.name = "plan",
           .type = ArgType::flag,
           .at = kGet,
           .typed_only = true,
           .help = "print the spec that this command is, and do nothing"},
};

}  // namespace

std::span<const Option> output_options() noexcept { return kRows; }

}  // namespace leat::pipelines
