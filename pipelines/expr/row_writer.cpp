#include "pipelines/expr/row_writer.hpp"

#include "engine/text/printable.hpp"

namespace leat::pipelines {

Compiled<RowWriter> RowWriter::compile(text::Delimited format, const std::vector<std::string>& names) {
  std::vector<FieldPath> fields;
  for (const auto& name : names) {
    auto path = FieldPath::compile(name);
    if (auto fault = fault_of(path)) {
      return TextFault{fault->offset, "field \"" + text::printable(name, 60) + "\": " + fault->message};
    }
    fields.push_back(std::get<0>(std::move(path)));
  }
  return RowWriter(format, std::move(fields));
}

void RowWriter::append_header(std::string& out) const {
  text::RowText row(format_, out);
  for (const auto& field : fields_) row.field(field.text());
  row.end();
}

void RowWriter::append_row(std::string& out, Input& input) const {
  text::RowText row(format_, out);
  std::string scratch;
  for (const auto& field : fields_) {
    const JsonValue value = field.find(input);
    if (value.is(JsonKind::null)) {
      row.field("");
    } else if (value.is(JsonKind::string)) {
      row.field(value.text(scratch));
    } else {
      scratch.clear();
      value.append_to(scratch);
      row.field(scratch);
    }
  }
  row.end();
}

}  // namespace leat::pipelines
