#include "pipelines/stages/record/set.hpp"

#include <algorithm>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/result/outside.hpp"

namespace leat::pipelines {

namespace {

// "https://api.example.org/{meta.id}" does; in "https://{meta.host}/" and "https://api.{meta.tld}" it is the
// record that names it.
bool writes_origin(std::string_view place, std::string_view text) {
  const std::string_view written = text.substr(0, text.find('{'));
  return place == "url" && !http::check_url(written) && written.find("://") != std::string_view::npos &&
         (written.size() == text.size() || http::Url::split(written).path < written.size());
}

bool is_fixed(const Record& record, std::string_view place) noexcept {
  return std::any_of(record.fixed.begin(), record.fixed.end(),
                     [place](std::string_view fixed) { return text::equal_ignoring_case(fixed, place); });
}

}  // namespace

Set::Set(const Changes& changes) {
  for (const auto& [place, value] : changes) {
    Change change;
    change.place = place;
    if (const auto* program = std::get_if<ProgramText>(&value)) {
      change.program = std::make_unique<Program>(program->text);
    } else {
      const auto& text = std::get<TemplateText>(value).text;
      change.text = compile_template(text);
      change.names_origin = writes_origin(place, text);
    }
    changes_.push_back(std::move(change));
  }
  values_.resize(changes_.size());
}

RecordOp::Verdict Set::apply(Record& record, RecordView& view) {
  Status error;
  for (std::size_t i = 0; i < changes_.size() && !error; ++i) {
    values_[i].clear();
    if (is_fixed(record, changes_[i].place)) continue;
    error = value(changes_[i], record, view, values_[i]);
  }
  for (std::size_t i = 0; i < changes_.size() && !error; ++i) {
    if (values_[i].empty()) continue;
    JsonDoc doc;
    doc.parse(values_[i]);
    error = assign(record, changes_[i].place, doc.root());
    if (!error && changes_[i].names_origin) record.request.own_origin.clear();
  }
  view.forget();
  if (error) record.fail(std::move(*error), "set");
  return Verdict::pass;
}

Status Set::value(const Change& change, const Record& record, RecordView& view, std::string& out) {
  out.clear();
  if (change.program) {
    auto error = change.program->outputs(record, view, outputs_);
    if (!error && !outputs_.empty()) out = outputs_[0];
    return error;
  }
  std::string text;
  auto error = change.text->expand(view, text);
  if (!error) append_json_text(out, text);
  return error;
}

std::vector<const Program*> Set::programs() const {
  std::vector<const Program*> programs;
  for (const auto& change : changes_) {
    if (change.program) programs.push_back(change.program.get());
  }
  return programs;
}

bool read_body(const Changes& changes) {
  return std::any_of(changes.begin(), changes.end(), [](const auto& change) {
    const auto* program = std::get_if<ProgramText>(&change.second);
    return program != nullptr ? program_reads_body(program->text)
                              : template_reads_body(std::get<TemplateText>(change.second).text);
  });
}

std::string notes_of(const Changes& changes) {
  std::string notes;
  for (const auto& [place, value] : changes) {
    const auto* program = std::get_if<ProgramText>(&value);
    const auto note =
        program != nullptr ? program_note(program->text) : template_note(std::get<TemplateText>(value).text);
    if (!note.empty()) add_note(notes, place + " " + note);
  }
  return notes;
}

const StageRow& row_of(const SetArgs& /*args*/) noexcept {
  static const StageType<SetArgs> row({
      .signature = {.name = "set",
                    .kind = StageKind::record,
                    .help = "gives a record's places new values: url method body headers header.NAME mirrors "
                            "output sha256 sha1 md5 sha512 meta meta.NAME",
                    .example = "lines \"urls.txt\" | set meta.host=\"x\" header.X-Line=(.line) | fetch",
                    .any_key = ArgType::expr,
                    .any_key_check = check_text,
                    .any_key_program_check = check_program,
                    .any_key_name_check = check_place_name,
                    .verify = [](const BoundStage& stage) -> std::optional<std::string> {
                      const bool sets = std::any_of(stage.args.begin(), stage.args.end(),
                                                    [](const BoundArg& arg) { return arg.row == nullptr; });
                      if (sets) return std::nullopt;
                      return "\"set\" takes what is to be set, such as meta.x=(.status)";
                    }},
      .args = {asked_row()},
      .make = make_alone<RecordOp, Set, SetArgs>,
      .facts =
          [](const SetArgs& args) {
            return StageFacts{.reads_body = read_body(args.changes),
                              .ends_by_itself = true,
                              .reach = 0,
                              .url = names_url(args.changes) ? UrlUse::may_change : UrlUse::stays};
          },
      .notes = [](const SetArgs& args) { return notes_of(args.changes); },
      .bind_rest =
          [](const BoundStage& stage, SetArgs& args) {
            for (const auto& arg : stage.args) {
              if (arg.row == nullptr) args.changes.emplace_back(arg.key, program_or_text(arg));
            }
          },
  });
  return row;
}

}  // namespace leat::pipelines
