#include "pipelines/stages/stage_args.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "pipelines/expr/template.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 5> kHow{"resume", "skip", "overwrite", "rename", "fail"};
constexpr std::array kSaveRows{
    ArgRow{
        .name = "TEMPLATE",
        .type = ArgType::text,
        .help = "the file's name: \"out/{host}/{name}\" (default the record's own output; nothing without)",
        .check = check_name_template},
    ArgRow{.key = "on-exist",
           .name = "HOW",
           .type = ArgType::word,
           .help = "a file is there: resume, skip, overwrite, rename or fail (default resume)",
           .choices = kHow},
    ArgRow{.key = "remote-name",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "{name} is what Content-Disposition says, if it says one (default false)"},
    ArgRow{.key = "remote-time",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "the file's time is that of Last-Modified (default true)"},
    ArgRow{.key = "durable",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "the file is on the disk before its record goes on (default false)"},
    ArgRow{.key = "if-changed",
           .name = "BOOL",
           .type = ArgType::flag,
           .help = "a file that is there is fetched again if it has changed (default false)"}};

constexpr std::array<std::string_view, 3> kFormats{"json", "csv", "tsv"};
constexpr std::array kWriteRows{
    ArgRow{.name = "FORMAT",
           .type = ArgType::temp,
           .help = "json, csv, tsv, or \"text with {fields}\" (default json)",
           .choices = kFormats,
           .check = check_text},
    ArgRow{.key = "fields",
           .name = "LIST",
           .type = ArgType::list,
           .help = "these fields only, as url,status,meta.k (default a result's own)",
           .check = check_fields},
    ArgRow{.key = "include",
           .name = "LIST",
           .type = ArgType::list,
           .help = "body, headers, json, too (default none)",
           .check = check_include},
    ArgRow{.key = "to",
           .name = "FILE",
           .type = ArgType::path,
           .help = "where to; - is standard output (default -)",
           .repeatable = true}};

constexpr std::array kCountRows{program_row("by", "a count for each of its outputs (default one for all)"),
                                asked_row("by"),
                                ArgRow{.key = "to",
                                       .name = "FILE",
                                       .type = ArgType::path,
                                       .help = "where to; - is standard output (default -)"}};

std::optional<std::string> conflict(const SaveArgs& args) {
  if (!args.if_changed || args.on_exist == OnExist::resume || args.on_exist == OnExist::overwrite)
    return std::nullopt;
  return "if-changed= replaces a file that has changed: it takes on-exist=resume or overwrite";
}

}  // namespace

std::span<const ArgRow> save_rows() noexcept { return kSaveRows; }
std::string_view to_word(OnExist how) noexcept { return kHow[static_cast<std::size_t>(how)]; }
std::span<const ArgRow> write_rows() noexcept { return kWriteRows; }
std::span<const ArgRow> count_rows() noexcept { return kCountRows; }

StageArgs bind_save(const BoundStage& stage) {
  SaveArgs args;
  std::string how = "resume";
  ArgReader(stage).read("TEMPLATE", args.file_template);
  ArgReader(stage).read("on-exist", how);
  ArgReader(stage).read("remote-name", args.remote_name);
  ArgReader(stage).read("remote-time", args.remote_time);
  ArgReader(stage).read("durable", args.durable);
  ArgReader(stage).read("if-changed", args.if_changed);
  args.on_exist = static_cast<OnExist>(std::find(kHow.begin(), kHow.end(), how) - kHow.begin());
  return args;
}

std::optional<std::string> verify_save(const BoundStage& stage) {
  return conflict(std::get<SaveArgs>(bind_save(stage)));
}

StageArgs bind_write(const BoundStage& stage) {
  using Format = WriteArgs::Format;
  const ArgReader reader(stage);
  WriteArgs args;
  if (const auto* format = reader.find("FORMAT")) {
    const auto& text = std::get<std::string>(format->value.value);
    if (!format->value.choice) {
      args.format = Format::text;
      args.text = text;
    } else if (text != "json") {
      args.format = text == "csv" ? Format::csv : Format::tsv;
    }
  }
  reader.read("fields", args.fields);
  reader.read("include", args.include);
  if (reader.has("to")) args.to = reader.texts("to");
  return args;
}

StageArgs bind_count(const BoundStage& stage) {
  CountArgs args;
  ArgReader(stage).read("by", args.by);
  ArgReader(stage).read("to", args.to);
  return args;
}

// What stands in its lines may be null there; a template wants it.
std::optional<std::string> verify_write(const BoundStage& stage) {
  const bool is_text = std::get<WriteArgs>(bind_write(stage)).format == WriteArgs::Format::text;
  if (is_text || stage.find("on-error") == nullptr) return std::nullopt;
  return "\"write\" takes on-error= together with \"text with {fields}\": no record fails in json, csv or "
         "tsv";
}

std::optional<std::string> verify_count(const BoundStage& stage) {
  if (stage.find("by") != nullptr) return std::nullopt;
  for (const std::string key : {"on-error", "timeout"}) {
    if (stage.find(key) != nullptr)
      return "\"count\" takes " + key + "= together with by=: to count takes no time, and never fails";
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
