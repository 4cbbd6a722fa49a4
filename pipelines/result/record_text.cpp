#include "pipelines/result/record_text.hpp"

#include <array>
#include <vector>

#include "engine/text/json_writer.hpp"
#include "pipelines/expr/json.hpp"
#include "pipelines/result/record_view.hpp"
#include "pipelines/result/result_fields.hpp"

namespace leat::pipelines {

namespace {

struct TextField {
  const char* name;
  std::string& (*of)(Record&);
};
constexpr std::array<TextField, 5> kTexts{{
    {"own_origin", [](Record& record) -> std::string& { return record.request.own_origin; }},
    {"method", [](Record& record) -> std::string& { return record.request.method; }},
    {"home", [](Record& record) -> std::string& { return record.home; }},
    {"input", [](Record& record) -> std::string& { return record.input; }},
    {"output", [](Record& record) -> std::string& { return record.output; }},
}};

void put_checksums(text::JsonWriter& json, const Checksums& sums) {
  for (const auto& [kind, hex] : sums.all()) {
    json.key(to_string(kind));
    json.string(hex);
  }
}

struct NumberField {
  const char* name;
  std::uint64_t& (*of)(Record&);
};
constexpr std::array<NumberField, 4> kNumbers{{
    {"id", [](Record& record) -> std::uint64_t& { return record.id; }},
    {"line", [](Record& record) -> std::uint64_t& { return record.line; }},
    {"parent", [](Record& record) -> std::uint64_t& { return record.parent; }},
    {"walk", [](Record& record) -> std::uint64_t& { return record.walk; }},
}};

void put_list(text::JsonWriter& json, const char* name, const std::vector<std::string>& texts) {
  if (texts.empty()) return;
  json.key(name);
  json.put('[');
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (i > 0) json.put(',');
    json.string(texts[i]);
  }
  json.put(']');
}

std::vector<std::string> list_of(JsonValue value) {
  std::vector<std::string> texts;
  if (!value.is(JsonKind::array)) return texts;
  for (const JsonValue item : value.items()) texts.push_back(item.text());
  return texts;
}

std::uint64_t number_of(JsonValue value) { return value.integer<std::uint64_t>().value_or(0); }

}  // namespace

std::string to_text(const Record& record) {
  auto& fields = const_cast<Record&>(record);  // the tables serve for reading and writing
  text::JsonWriter json;
  json.begin_object();
  if (!record.request.url.empty()) {
    json.key("url");
    json.string(record.request.url.text());
  }
  for (const auto& field : kTexts) {
    if (field.of(fields).empty()) continue;
    json.key(field.name);
    json.string(field.of(fields));
  }
  for (const auto& field : kNumbers) {
    json.key(field.name);
    json.number(field.of(fields));
  }
  json.key("depth");
  json.number(std::uint64_t{record.depth});
  json.key("walk_depth");
  json.number(std::uint64_t{record.walk_depth});
  put_checksums(json, record.expected);
  put_list(json, "headers", record.request.headers);
  put_list(json, "mirrors", record.mirrors);
  put_list(json, "extracted", record.extracted);
  put_list(json, "fixed", record.fixed);
  put_list(json, "inherited", record.inherited);
  if (record.request.body) {
    json.key("body");
    json.string(*record.request.body);
  }
  if (!record.meta.empty()) {
    json.key("meta");
    json.raw(record.meta);
  }
  json.end_object();
  return std::string(json.text());
}

Result<RecordPtr> record_of_text(std::string_view text) {
  JsonDoc doc;
  if (const auto fault = doc.parse(text)) {
    return Error(Errc::internal, "a record in the journal can't be read: " + fault->message);
  }
  const JsonValue root = doc.root();
  auto record = std::make_unique<Record>();
  if (const auto url = root.get("url"); url.is(JsonKind::string)) record->request.url = url.text();
  for (const auto& field : kTexts) {
    if (const auto value = root.get(field.name); value.is(JsonKind::string)) field.of(*record) = value.text();
  }
  for (const auto& field : kNumbers) field.of(*record) = number_of(root.get(field.name));
  record->depth = static_cast<std::uint32_t>(number_of(root.get("depth")));
  record->walk_depth = static_cast<std::uint32_t>(number_of(root.get("walk_depth")));
  for (const auto name : kDigests) {
    const auto value = root.get(name);
    if (value.is(JsonKind::string)) record->expected.put(*digest_kind(name), value.text());
  }
  record->request.headers = list_of(root.get("headers"));
  record->mirrors = list_of(root.get("mirrors"));
  record->extracted = list_of(root.get("extracted"));
  record->fixed = list_of(root.get("fixed"));
  record->inherited = list_of(root.get("inherited"));
  if (const auto body = root.get("body"); body.is(JsonKind::string)) record->request.body = body.text();
  if (const auto meta = root.get("meta"); meta.exists()) record->meta = meta.raw();
  return record;
}

namespace {

struct Member {
  const ResultField* field;
  std::string key;    // as JSON, with its colon
  std::string value;  // of an empty record

  [[nodiscard]] bool is_asked_for() const noexcept { return field->shown == ResultField::Shown::asked_for; }
};

std::vector<Member> empty_members() {
  std::vector<Member> members;
  const Record empty;
  ResultField::Writer writer;
  for (const auto& field : result_fields()) {
    writer.json.clear();
    field.write(writer, empty);
    members.push_back({&field, "\"" + std::string(field.name) + "\":", std::string(writer.json.text())});
  }
  return members;
}

const std::vector<Member>& known_empty() {
  static const auto members = empty_members();
  return members;
}

}  // namespace

std::string empty_record_text() {
  std::string text;
  for (const auto& member : known_empty()) {
    if (!member.is_asked_for()) text += (text.empty() ? "{" : ",") + member.key + member.value;
  }
  return text + "}";
}

std::string record_difference(RecordView& record, bool with_lines) {
  std::string text = "{";
  ResultField::Writer writer;
  for (const auto& member : known_empty()) {
    if (member.is_asked_for() && !with_lines) continue;
    writer.json.clear();
    record.write(*member.field, writer);
    if (writer.json.text() == member.value) continue;
    if (text.size() > 1) text += ',';
    text.append(member.key).append(writer.json.text());
  }
  return text + "}";
}

}  // namespace leat::pipelines
