#include "pipelines/stages/sink/line_format.hpp"

#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "engine/io/terminal.hpp"
#include "engine/text/delimited.hpp"
#include "pipelines/expr/template.hpp"
#include "pipelines/result/item.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/result/record_view.hpp"
#include "pipelines/stages/sink/person_line.hpp"

namespace leat::pipelines {

ResultJson::ResultJson(const std::vector<std::string_view>& extra) : meta_(find_result_field("meta")) {
  for (const auto& field : result_fields()) {
    const bool wanted = field.shown < ResultField::Shown::on_demand ||
                        std::find(extra.begin(), extra.end(), field.name) != extra.end();
    if (wanted) fields_.push_back(&field);
  }
}

std::string_view ResultJson::line(const Record& record) {
  text::JsonWriter& json = writer_.json;
  json.clear();
  json.begin_object();
  for (const auto* field : fields_) {
    if (field->told != nullptr && !field->told(record)) continue;
    json.key(field->name);
    if (field == meta_ && !record.inherited.empty()) {
      json.raw(own_meta(record));
    } else {
      field->write(writer_, record);
    }
  }
  json.end_object();
  json.put('\n');
  return json.text();
}

namespace {

std::vector<std::string> own_fields() {
  std::vector<std::string> names;
  for (const auto& field : result_fields()) {
    if (field.shown == ResultField::Shown::always) names.emplace_back(field.name);
  }
  return names;
}

// The fields that are asked for, or else those of a result and those that are included besides.
std::vector<std::string> fields_of(const WriteArgs& args) {
  auto fields = args.fields.empty() ? own_fields() : args.fields;
  for (const auto& name : args.include) {
    if (std::find(fields.begin(), fields.end(), name) == fields.end()) fields.push_back(name);
  }
  return fields;
}

/// A result as DESIGN.md has it.
class WholeResult final : public LineFormat {
 public:
  explicit WholeResult(const std::vector<std::string>& include)
      : json_(std::vector<std::string_view>(include.begin(), include.end())) {}
  [[nodiscard]] bool tells_failure() const override { return true; }
  Result<std::string_view> line(const Record& record, const Columns& /*columns*/) override {
    return json_.line(record);
  }

 private:
  ResultJson json_;
};

// What has failed is to be shown, whatever its body is.
TableFields::Unreadable unreadable_of(const Record& record) noexcept {
  return record.error ? TableFields::Unreadable::empty : TableFields::Unreadable::error;
}

/// An object with the fields that are asked for, by their paths; null for a field that is not there.
class SomeFields final : public LineFormat {
 public:
  explicit SomeFields(const WriteArgs& args) : fields_(fields_of(args)) {}
  [[nodiscard]] bool tells_failure() const override { return true; }
  Result<std::string_view> line(const Record& record, const Columns& /*columns*/) override {
    view_.look_at(record);
    line_.clear();
    if (auto error = fields_.append_object(line_, view_, unreadable_of(record))) return std::move(*error);
    line_ += '\n';
    return std::string_view(line_);
  }

 private:
  TableFields fields_;
  RecordView view_;
  std::string line_;
};

/// CSV or TSV: a head with the fields' names, then a row for each record.
class Rows final : public LineFormat {
 public:
  explicit Rows(const WriteArgs& args)
      : format_(args.format == WriteArgs::Format::csv ? text::Delimited::csv : text::Delimited::tsv),
        has_head_(args.header),
        fields_(fields_of(args)) {}

  [[nodiscard]] bool tells_failure() const override { return fields_.tells_failure(); }
  [[nodiscard]] bool has_open_columns() const override { return fields_.spread(); }
  Columns columns_of(const Record& first) override {
    view_.look_at(first);
    return fields_.members_of(view_);
  }
  Columns columns_of(const std::vector<std::string>& names) override { return fields_.members_of(names); }
  std::string_view head(const Columns& columns) override {
    line_.clear();
    if (has_head_) fields_.append_header(line_, format_, columns);
    return line_;
  }
  Result<std::string_view> line(const Record& record, const Columns& columns) override {
    view_.look_at(record);
    line_.clear();
    auto error = fields_.append_row(line_, format_, columns, view_, unreadable_of(record));
    if (error) return std::move(*error);
    return std::string_view(line_);
  }

 private:
  text::Delimited format_;
  bool has_head_;
  TableFields fields_;
  RecordView view_;
  std::string line_;
};

/// A line for a person. On a terminal that a bar stands on as well, it erases that first.
class Person final : public LineFormat {
 public:
  explicit Person(const WriteArgs& args) : colour_(args.colour) {
    const bool is_own = args.to.size() == 1 && args.to.front() == "-";
    fd_ = is_own ? STDOUT_FILENO : -1;
    const auto traits = fd_ < 0 ? io::TerminalTraits() : io::terminal_traits(fd_);
    style_.utf8 = !traits.is_terminal || traits.is_utf8;
    style_.coloured = colour_ == WriteArgs::Colour::always ||
                      (colour_ == WriteArgs::Colour::automatic && fd_ >= 0 && io::uses_colours(fd_));
    erases_ = traits.moves_cursor && io::terminal_traits(STDERR_FILENO).is_terminal;
  }

  [[nodiscard]] bool tells_failure() const override { return true; }
  Result<std::string_view> line(const Record& record, const Columns& /*columns*/) override {
    style_.columns = fd_ < 0 ? 0 : io::terminal_columns(fd_);  // it may be resized at any time
    line_ = erases_ ? "\x1b[J" : "";
    line_ += person_line(record, style_);
    line_ += '\n';
    return std::string_view(line_);
  }
  [[nodiscard]] bool is_for_terminals() const noexcept override { return true; }

 private:
  WriteArgs::Colour colour_;
  int fd_ = -1;
  LineStyle style_;
  bool erases_ = false;
  std::string line_;
};

/// A template's text. A field of the result that says nothing of this record is empty, as in curl's -w; of a
/// failed record, any field that it has not.
class Text final : public LineFormat {
 public:
  explicit Text(const WriteArgs& args) : text_(compile_template(args.text)) {
    for (const auto& field : text_.fields()) {
      const auto root = field.substr(0, field.find_first_of(".["));
      tells_ = tells_ || root == "error" || root == "outcome" || root == "status";
    }
  }
  [[nodiscard]] bool tells_failure() const override { return tells_; }
  Result<std::string_view> line(const Record& record, const Columns& /*columns*/) override {
    view_.look_at(record);
    line_.clear();
    const auto missing = record.error ? Template::Missing::empty : Template::Missing::empty_in_result;
    if (auto error = text_.expand(view_, line_, missing)) return std::move(*error);
    line_ += '\n';
    return std::string_view(line_);
  }

 private:
  Template text_;
  bool tells_ = false;
  RecordView view_;
  std::string line_;
};

}  // namespace

std::unique_ptr<LineFormat> make_line_format(const WriteArgs& args) {
  switch (args.format) {
    case WriteArgs::Format::csv:
    case WriteArgs::Format::tsv:
      return std::make_unique<Rows>(args);
    case WriteArgs::Format::person:
      return std::make_unique<Person>(args);
    case WriteArgs::Format::text:
      return std::make_unique<Text>(args);
    case WriteArgs::Format::json:
      break;
  }
  if (!args.fields.empty()) return std::make_unique<SomeFields>(args);
  return std::make_unique<WholeResult>(args.include);
}

}  // namespace leat::pipelines
