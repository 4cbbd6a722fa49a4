#include "pipelines/result/record_difference.hpp"

#include <utility>
#include <vector>

#include "pipelines/result/result_fields.hpp"

namespace leat::pipelines {

namespace {

struct Member {
  std::string key;  // as JSON, with its colon
  std::string value;
};

std::vector<Member> empty_members() {
  std::vector<Member> members;
  const Record empty;
  ResultField::Writer writer;
  for (const auto& field : result_fields()) {
    writer.json.clear();
    field.write(writer, empty);
    members.push_back({"\"" + std::string(field.name) + "\":", std::string(writer.json.text())});
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
  for (const auto& [key, value] : known_empty()) text += (text.empty() ? "{" : ",") + key + value;
  return text + "}";
}

std::string record_difference(const Record& record) {
  std::string text = "{";
  ResultField::Writer writer;
  auto known = known_empty().begin();
  for (const auto& field : result_fields()) {
    const Member& empty = *known++;
    writer.json.clear();
    field.write(writer, record);
    if (writer.json.text() == empty.value) continue;
    if (text.size() > 1) text += ',';
    text.append(empty.key).append(writer.json.text());
  }
  return text + "}";
}

}  // namespace leat::pipelines
