#include "pipelines/result/result_json.hpp"

#include <algorithm>

namespace leat::pipelines {

ResultJson::ResultJson(const std::vector<std::string_view>& extra) {
  for (const auto& field : result_fields()) {
    const bool wanted = field.shown != ResultField::Shown::on_demand ||
                        std::find(extra.begin(), extra.end(), field.name) != extra.end();
    if (wanted) fields_.push_back(&field);
  }
}

std::string_view ResultJson::line(const Record& record) {
  JsonWriter& json = writer_.json;
  json.clear();
  json.begin_object();
  for (const auto* field : fields_) {
    if (field->told != nullptr && !field->told(record)) continue;
    json.key(field->name);
    field->write(writer_, record);
  }
  json.end_object();
  json.put('\n');
  return json.text();
}

}  // namespace leat::pipelines
