#include "pipelines/stages/record/extract.hpp"

#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/async/to_thread.hpp"
#include "pipelines/extract/extractor.hpp"
#include "pipelines/extract/page.hpp"
#include "pipelines/extract/regex.hpp"
#include "pipelines/extract/selector.hpp"
#include "pipelines/extract/xml_document.hpp"
#include "pipelines/extract/xpath.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/options/checks.hpp"
#include "pipelines/plan/stage_type.hpp"
#include "pipelines/plan/text_use.hpp"
#include "pipelines/result/assign.hpp"
#include "pipelines/spec/diagnostics.hpp"

namespace leat::pipelines {

namespace {

// A page this long takes gumbo about a millisecond, a hundred times what it costs to have a thread do it and
// to wake up again (engine_bench: to_thread_one); below, the loop is held up less than by a slow write.
constexpr std::size_t kLong = 32 * 1024;

Extractor::Find find_of(const ExtractArgs::Find& args) {
  Extractor::Find find;
  find.language = args.kind == ExtractArgs::Kind::css     ? Extractor::Language::css
                  : args.kind == ExtractArgs::Kind::xpath ? Extractor::Language::xpath
                                                          : Extractor::Language::regex;
  find.text = args.text;
  find.attr = args.attribute;
  find.markup = args.html;
  return find;
}

Extractor::What what_of(const ExtractArgs& args) {
  Extractor::What what{find_of(args.find)};
  what.lenient = args.xml == ExtractArgs::Reading::lenient;
  for (const auto& field : args.fields) {
    what.fields.emplace_back(field.name, find_of(field)).second.lenient = what.lenient;
  }
  return what;
}

// XPath may take for ever.
bool has_xpath(const ExtractArgs& args) noexcept {
  return args.find.kind == ExtractArgs::Kind::xpath ||
         std::any_of(args.fields.begin(), args.fields.end(),
                     [](const auto& field) { return field.kind == ExtractArgs::Kind::xpath; });
}

// Nobody knows what libxml2 does with XML that is none.
bool runs_elsewhere(const ExtractArgs& args) noexcept {
  return has_xpath(args) || args.xml == ExtractArgs::Reading::lenient;
}

/// extract: what a selector, a regular expression or a program finds in the body becomes an array in the
/// record's meta. See Extractor.
///
/// Neighbours share the parsed page. Where that is large they work on it in the pool. XPath, which may take
/// for ever on a few thousand nodes, runs in the process where it can be stopped.
class Extract final : public RecordOp {
 public:
  /// The text has been checked.
  explicit Extract(const ExtractArgs& args);
  /// It is to run where a neighbour's XPath does, so that the page is parsed once. Before any record.
  void run_elsewhere() override;

  Verdict apply(Record& record, RecordView& view) override;
  [[nodiscard]] bool is_long(const Record& record) const noexcept override;
  async::Task<void> prepare(Record& record, RecordView& view) override;
  [[nodiscard]] std::vector<const Program*> programs() const override;

 private:
  Result<std::string> find(const Record& record, RecordView& view);
  void note_place(Record& record) const;

  ExtractArgs args_;
  std::shared_ptr<const Extractor> extractor_;  // a thread may outlive the stage
  std::optional<Program> program_;
  std::optional<Result<std::string>> prepared_;
  JsonTexts outputs_;
};

}  // namespace

Extract::Extract(const ExtractArgs& args) : args_(args) {
  if (args.find.kind == ExtractArgs::Kind::jq) {
    program_.emplace(args.find.text);
  } else if (runs_elsewhere(args)) {
    run_elsewhere();
  } else {
    extractor_ = std::make_shared<const Extractor>(std::get<Extractor>(Extractor::compile(what_of(args))));
  }
}

void Extract::run_elsewhere() {
  extractor_.reset();
  program_.emplace(what_of(args_));
}

std::vector<const Program*> Extract::programs() const {
  if (!program_) return {};
  return {&*program_};
}

RecordOp::Verdict Extract::apply(Record& record, RecordView& view) {
  auto found = find(record, view);
  Status error;
  if (!found) {
    error = std::move(found.error());
  } else {
    error = assign_meta(record, std::string_view(args_.as).substr(kMeta.size()), *found);
    note_place(record);
    view.forget();
  }
  if (error) record.fail(std::move(*error), "extract");
  return Verdict::pass;
}

// The default output of its children does not repeat what is there.
void Extract::note_place(Record& record) const {
  std::string place = args_.as.substr(kMeta.size());
  auto& places = record.extracted;
  if (std::find(places.begin(), places.end(), place) == places.end()) places.push_back(std::move(place));
}

bool Extract::is_long(const Record& record) const noexcept {
  return extractor_ != nullptr && record.body && record.body->size() >= kLong;
}

async::Task<void> Extract::prepare(Record& record, RecordView& view) {
  // The thread owns all that it uses, should the wait be cancelled. A string this long doesn't move its bytes
  // when it is moved, and the page refers to them.
  auto body = std::make_shared<std::string>();
  const auto work = [page = view.page(), body, extractor = extractor_] { return extractor->extract(*page); };
  body->swap(*record.body);
  auto working = async::to_thread(work);
  auto found = co_await std::move(working);
  record.body->swap(*body);
  prepared_.emplace(std::move(found));
}

Result<std::string> Extract::find(const Record& record, RecordView& view) {
  if (prepared_) {
    auto found = std::move(*prepared_);
    prepared_.reset();
    return found;
  }
  if (!program_) return extractor_->extract(*view.page());
  if (auto error = program_->outputs(record, view, outputs_)) return std::move(*error);
  if (args_.find.kind != ExtractArgs::Kind::jq) return std::string(outputs_[0]);
  std::string array = "[";
  for (std::size_t i = 0; i < outputs_.size(); ++i) {
    if (i > 0) array += ',';
    array += outputs_[i];
  }
  return array + "]";
}

namespace {

using Kind = ExtractArgs::Kind;

// One of the arguments that say what is looked for, of which a stage has exactly one.
template <Kind kind>
Argument<ExtractArgs> what(const ArgRow& row) {
  return {row, [](const ArgReader& reader, const ArgRow& own, ExtractArgs& args) {
            args.find.kind = kind;
            reader.read(own.key, args.find.text);
          }};
}

// attr= and html=, of the stage or of a field.
void read_taken(const ArgReader& reader, ExtractArgs::Find& find) {
  reader.read("attr", find.attribute);
  reader.read("html", find.html);
}

void read_fields(const ArgReader& reader, const ArgRow& own, ExtractArgs& args) {
  for (const auto& part :
       std::get<std::shared_ptr<const BoundPipeline>>(reader.find(own.name)->value.value)->stages) {
    const ArgReader of_part(part);
    auto& field = args.fields.emplace_back();
    field.name = part.name;
    field.kind = of_part.has("xpath") ? Kind::xpath : Kind::css;
    of_part.read("css", field.text);
    of_part.read("xpath", field.text);
    read_taken(of_part, field);
  }
}

StageFacts facts_of(const ExtractArgs& args) {
  const Kind kind = runs_elsewhere(args) ? Kind::xpath : args.find.kind;
  StageFacts facts{.reads_body = kind != Kind::jq || program_reads_body(args.find.text),
                   .ends_by_itself = true,
                   .reach = 0};
  facts.page = kind == Kind::css     ? PageUse::movable
               : kind == Kind::xpath ? PageUse::elsewhere
               : kind == Kind::regex ? PageUse::as_text
                                     : PageUse::none;
  return facts;
}

std::string notes_of(const ExtractArgs& args) {
  if (args.find.kind == Kind::jq) return program_note(args.find.text);
  if (args.xml == ExtractArgs::Reading::lenient) return "needs body; it is read in a process of its own";
  return has_xpath(args) ? "needs body; XPath runs in a process of its own"
                         : "needs body; large ones are worked on by the threads of the pool";
}

constexpr std::string_view kFieldsName = "{…}";

std::optional<std::string> verify_rows(const BoundStage& stage) {
  for (const auto* key : {"attr", "html"}) {
    if (stage.find(key) != nullptr)
      return in_quotes(std::string(key) + "=") + " belongs to a field of the row, inside of the braces";
  }
  if (stage.find("css") != nullptr) return "rows are named by rows= in the place of css=";
  const auto* xpath = stage.find("xpath");
  if (xpath == nullptr && stage.find("rows") == nullptr)
    return "the fields in { … } need rows= or xpath=, which says what a row is";
  if (xpath == nullptr) return std::nullopt;
  const auto compiled = Xpath::compile(std::get<std::string>(xpath->value.value));
  const auto tried = std::get<Xpath>(compiled).evaluate(XmlDocument::parse("<a/>").value());
  if (tried && std::holds_alternative<Xpath::Nodes>(tried.value())) return std::nullopt;
  return "rows are elements, and this xpath= gives a text, a number or a boolean";
}

std::optional<std::string> verify_extract(const BoundStage& stage) {
  int given = 0;
  for (const auto* key : {"css", "xpath", "regex", "jq", "rows"}) given += stage.find(key) != nullptr ? 1 : 0;
  const bool has_fields = stage.find(kFieldsName) != nullptr;
  if (given > 1 || (given == 0 && !has_fields))
    return "\"extract\" takes one of css= xpath= regex= jq= rows=";
  const bool is_markup = stage.find("regex") == nullptr && stage.find("jq") == nullptr;
  if (!is_markup && stage.find("xml") != nullptr)
    return "xml= says how css= xpath= and rows= read XML, and regex= and jq= read none";
  if (has_fields) return verify_rows(stage);
  if (stage.find("rows") == nullptr) return std::nullopt;
  return "\"rows=\" needs the fields of a row, as in: extract rows=\"li\" { name css=\".name\" href "
         "css=\"a\" attr=href }";
}

std::optional<std::string> verify_field(const BoundStage& field) {
  const auto has = [&](std::string_view key) { return field.find(key) != nullptr; };
  const std::string name = "the field " + in_quotes(field.name);
  if (has("css") && has("xpath")) return name + " takes one of css= xpath=";
  if (has("attr") && has("html")) return name + " takes one of attr= html=";
  if (has("css") || has("xpath") || has("attr") || has("html")) return std::nullopt;
  return name + " needs css= or xpath=; attr= or html=true alone take that of the row itself";
}

std::optional<TextFault> check_field_xpath(const std::string& text) {
  if (!text.starts_with('/')) return check_xpath(text);
  return TextFault{0, "begins at the page and not at the row, as in: ." + text};
}

constexpr ArgRow kAttr{.key = "attr",
                       .name = "NAME",
                       .type = ArgType::text,
                       .help = "an attribute, made absolute where it is a URL (default the text)"};
constexpr ArgRow kMarkup{.key = "html",
                         .name = "BOOL",
                         .type = ArgType::flag,
                         .help = "the markup instead of the text (default false)"};

constexpr std::array kFieldRows{ArgRow{.key = "css",
                                       .name = "SELECTOR",
                                       .type = ArgType::css,
                                       .help = "an element in the row",
                                       .check = check_selector},
                                ArgRow{.key = "xpath",
                                       .name = "XPATH",
                                       .type = ArgType::xpath,
                                       .help = "a node or a value, seen from the row",
                                       .check = check_field_xpath},
                                kAttr, kMarkup};

constexpr std::array<std::string_view, 2> kReadings{"strict", "lenient"};

constexpr std::string_view kNoStage = "a field is no stage; it belongs to the stage, outside of the braces";
constexpr Signature kField{.name = "field",
                           .kind = StageKind::part,
                           .args = kFieldRows,
                           .verify = verify_field,
                           .refuses = {.on_error = kNoStage, .timeout = kNoStage, .n = kNoStage}};

}  // namespace

const StageRow& row_of(const ExtractArgs& /*args*/) noexcept {
  static const StageType<ExtractArgs> row({
      .signature = {.name = "extract",
                    .kind = StageKind::record,
                    .help = "puts what is found in the body into meta, as an array",
                    .example = "lines \"urls.txt\" | fetch | extract css=\"a[href]\" attr=href as=meta.links",
                    .verify = verify_extract},
      .args = {what<Kind::css>({.key = "css",
                                .name = "SELECTOR",
                                .type = ArgType::css,
                                .help = "elements of HTML or XML",
                                .check = check_selector}),
               what<Kind::xpath>({.key = "xpath",
                                  .name = "XPATH",
                                  .type = ArgType::xpath,
                                  .help = "nodes or values of HTML or XML",
                                  .check = check_xpath}),
               what<Kind::regex>({.key = "regex",
                                  .name = "REGEX",
                                  .type = ArgType::regex,
                                  .help = "every match's first group, or an object of its named groups",
                                  .check = check_regex}),
               what<Kind::jq>(program_row("jq", "every output")),
               asked_row("jq"),
               what<Kind::css>({.key = "rows",
                                .name = "SELECTOR",
                                .type = ArgType::css,
                                .help = "elements that are rows; so are those of xpath= with fields",
                                .check = check_selector}),
               {{.name = kFieldsName,
                 .type = ArgType::block,
                 .help = "fields of a row: name css=\"b\" href css=\"a\" attr=href",
                 .parts = &kField},
                read_fields},
               {kAttr, [](const ArgReader& reader, const ArgRow&,
                          ExtractArgs& args) { read_taken(reader, args.find); }},
               {kMarkup, [](const ArgReader& reader, const ArgRow&,
                            ExtractArgs& args) { read_taken(reader, args.find); }},
               arg<&ExtractArgs::xml>(
                   {.key = "xml",
                    .name = "WORD",
                    .type = ArgType::word,
                    .help = "lenient: what is wrong in XML is passed over (default strict)",
                    .choices = kReadings}),
               arg<&ExtractArgs::as>({.key = "as",
                                      .name = "PLACE",
                                      .type = ArgType::text,
                                      .help = "where the array goes (default meta.extract)",
                                      .check = check_meta_place})},
      .make = make_alone<RecordOp, Extract, ExtractArgs>,
      .facts = facts_of,
      .notes = notes_of,
  });
  return row;
}

}  // namespace leat::pipelines
