#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/stages/sink/save.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array<std::string_view, 5> kHow{"resume", "skip", "overwrite", "rename", "fail"};

std::optional<std::string> verify_save(const BoundStage& stage) {
  const StageArgs bound = row_of(SaveArgs()).bind(stage);
  const auto& args = *bound.get_if<SaveArgs>();
  if (!args.if_changed || args.on_exist == OnExist::resume || args.on_exist == OnExist::overwrite)
    return std::nullopt;
  return "if-changed= replaces a file that has changed: it takes on-exist=resume or overwrite";
}

// A fetch before it may write its files as the bytes come, unless the name is made of the whole body, or
// there are no files.
bool takes_streams(const SaveArgs& args) {
  if (args.file_template.empty()) return true;
  if (stream_target_of(args.file_template).kind != StreamTarget::Kind::none) return false;
  const auto compiled = NameTemplate::compile(args.file_template);
  return compiled && !compiled.value().reads_body();
}

std::string notes_of(const SaveArgs& args) {
  if (args.file_template.empty()) return "needs output";
  const auto compiled = NameTemplate::compile(args.file_template);
  return compiled ? fields_note(compiled.value().fields()) : "";
}

}  // namespace

const StageRow& row_of(const SaveArgs& /*args*/) noexcept {
  static const StageType<SaveArgs> row({
      .signature = {.name = "save",
                    .kind = StageKind::record,
                    .help = "writes the body to a file and passes the record on",
                    .example = "lines \"urls.txt\" | fetch | save \"out/{host}/{name}\" on-exist=overwrite",
                    .verify = verify_save},
      .args = {arg<&SaveArgs::file_template>({.name = "TEMPLATE",
                                              .type = ArgType::text,
                                              .help = "the file's name: \"out/{host}/{name}\" (default the "
                                                      "record's own output; without it nothing is saved)",
                                              .check = check_name_template}),
               arg<&SaveArgs::on_exist>(
                   {.key = "on-exist",
                    .name = "HOW",
                    .type = ArgType::word,
                    .help = "if the file is there: resume, skip, overwrite, rename or fail (default resume)",
                    .choices = kHow}),
               arg<&SaveArgs::remote_name>(
                   {.key = "remote-name",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "take {name} from Content-Disposition, if it has one (default false)"}),
               arg<&SaveArgs::remote_time>(
                   {.key = "remote-time",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "the file's time is that of Last-Modified (default true)"}),
               arg<&SaveArgs::durable>(
                   {.key = "durable",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "sync the file to the disk before its record goes on (default false)"}),
               arg<&SaveArgs::if_changed>(
                   {.key = "if-changed",
                    .name = "BOOL",
                    .type = ArgType::flag,
                    .help = "fetch a file that is there again if it has changed (default false)"})},
      .make = [](const SaveArgs& args, RunContext& context) -> Result<AnyStage> {
        auto made = Save::make(args);
        if (!made) return made.error();
        if (auto error = (*made)->join(context)) return std::move(*error);
        return AnyStage(std::unique_ptr<RecordStage>(std::move(*made)));
      },
      .facts =
          [](const SaveArgs& args) {
            using Kind = StreamTarget::Kind;
            return StageFacts{.reads_body = stream_target_of(args.file_template).kind != Kind::nothing,
                              .ends_by_itself = true,
                              .reach = 0,
                              .reads_bytes = true,
                              .takes_streams = takes_streams(args),
                              .asks_again = args.if_changed};
          },
      .notes = notes_of,
      .check = [](const SaveArgs& args) -> Status {
        if (args.file_template.empty()) return std::nullopt;
        if (auto compiled = NameTemplate::compile(args.file_template); !compiled) return compiled.error();
        return std::nullopt;
      },
  });
  return row;
}

}  // namespace leat::pipelines
