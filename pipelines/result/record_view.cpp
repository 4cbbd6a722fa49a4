#include "pipelines/result/record_view.hpp"

#include <algorithm>

#include "pipelines/extract/charset.hpp"
#include "pipelines/extract/page.hpp"
#include "pipelines/result/body_json.hpp"

namespace leat::pipelines {

Utf8Body json_text_of(const Record& record) { return Utf8Body(*record.body, content_type_of(record)); }

void RecordView::look_at(const Record& record) {
  record_ = &record;
  close_page();
  forget();
}

void RecordView::forget() {
  for (auto& made : made_) made.used = false;
  whole_.used = false;
  with_lines_ = false;
}

JsonValue RecordView::field(std::string_view name) {
  for (auto& made : made_) {
    if (made.used && made.name == name) return made.doc.root();
  }
  return make(name);
}

const Error* RecordView::fault(std::string_view name) {
  for (const auto& made : made_) {
    if (made.used && made.name == name) return made.error ? &*made.error : nullptr;
  }
  return nullptr;
}

RecordView::Made& RecordView::room(std::string_view name) {
  auto free = std::find_if(made_.begin(), made_.end(), [&](const Made& made) { return made.name == name; });
  Made& made = free == made_.end() ? made_.emplace_back() : *free;
  made.name = name;
  made.used = true;
  made.error.reset();
  return made;
}

// A field that is JSON text already is indexed where it stands.
JsonValue RecordView::make(std::string_view name) {
  const ResultField* field = find_result_field(name);
  if (field == nullptr) return {};
  Made& made = room(field->name);
  if (field->name == "meta" && !record_->meta.empty()) {
    made.doc.parse(record_->meta);
  } else if (field->name == "json" && record_->body) {
    const Utf8Body body = json_text_of(*record_);
    if (body.is_converted()) made.text = body.text();
    made.error = read_body_json(body.is_converted() ? made.text : body.text(), made.doc);
  } else if (field->name == "lines" && record_->body) {
    const Utf8Body body = json_text_of(*record_);
    auto lines = body_lines(body.text());
    made.text = lines ? std::move(*lines) : std::string();
    if (!lines) made.error = std::move(lines.error());
    made.doc.parse(made.text);
  } else {
    writer_.json.clear();
    field->write(writer_, *record_);
    made.text = writer_.json.text();
    made.doc.parse(made.text);
  }
  return made.doc.root();
}

JsonValue RecordView::whole() {
  if (!whole_.used) {
    whole_.text = text();
    whole_.used = true;
    whole_.doc.parse(whole_.text);
  }
  return whole_.doc.root();
}

const std::shared_ptr<Page>& RecordView::page() {
  if (!page_) {
    const PageQuestion page = page_of(*record_);
    page_ = std::make_shared<Page>(page.body, std::string(page.content_type), std::string(page.url));
  }
  return page_;
}

void RecordView::write(const ResultField& field, ResultField::Writer& out) {
  const bool is_read = record_->body && (field.name == "json" || field.name == "lines");
  if (is_read) {
    out.json.raw(this->field(field.name).compact());
  } else {
    field.write(out, *record_);
  }
}

std::string_view RecordView::text() {
  text::JsonWriter& json = writer_.json;
  json.clear();
  json.begin_object();
  for (const auto& field : result_fields()) {
    if (field.shown == ResultField::Shown::asked_for && !with_lines_) continue;
    json.key(field.name);
    write(field, writer_);
  }
  json.end_object();
  return json.text();
}

}  // namespace leat::pipelines
