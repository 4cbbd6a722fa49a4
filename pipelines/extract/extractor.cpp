#include "pipelines/extract/extractor.hpp"

#include <cstddef>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "pipelines/expr/jq_wire.hpp"
#include "pipelines/expr/json_text.hpp"
#include "pipelines/extract/charset.hpp"
#include "pipelines/extract/finder.hpp"
#include "pipelines/extract/found_items.hpp"
#include "pipelines/extract/page.hpp"
#include "pipelines/extract/regex.hpp"

namespace leat::pipelines {

namespace {

struct Field {
  std::string key;  // as JSON, with a colon behind it
  Finder finder;
};

/// Finds rows, and makes an object of each.
struct Rows {
  Finder rows;
  std::vector<Field> fields;

  [[nodiscard]] Result<std::string> objects(Page& page) const;
};

// The columns come one after the other, since XPath prepares the page for each expression.
Result<std::string> Rows::objects(Page& page) const {
  const auto found = rows.rows(page);
  if (!found) return found.error();
  std::vector<std::string> objects(found.value().size());
  for (const auto& field : fields) {
    const auto column = field.finder.column(page, found.value());
    if (!column) return column.error();
    for (std::size_t i = 0; i < objects.size(); ++i) {
      objects[i].append(objects[i].empty() ? "{" : ",").append(field.key).append(column.value()[i]);
    }
  }
  FoundItems items;
  for (const auto& object : objects) items.next().append(object).append("}");
  return std::move(items).take();
}

std::string matches_of(const Regex& regex, std::string_view text) {
  FoundItems items;
  const auto& names = regex.names();
  regex.for_each_match(text, [&](const Regex::Groups& groups) {
    std::string& out = items.next();
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (!names.empty()) {
        out += i == 0 ? '{' : ',';
        append_json_text(out, names[i]);
        out += ':';
      }
      if (groups[i]) {
        append_json_text(out, *groups[i]);
      } else {
        out += "null";
      }
    }
    if (!names.empty()) out += '}';
  });
  return std::move(items).take();
}

}  // namespace

struct Extractor::Machine {
  std::variant<Finder, Rows, Regex> made;
};

Extractor::Extractor(std::unique_ptr<Machine> compiled) : compiled_(std::move(compiled)) {}
Extractor::Extractor(Extractor&&) noexcept = default;
Extractor& Extractor::operator=(Extractor&&) noexcept = default;
Extractor::~Extractor() = default;

Compiled<Extractor> Extractor::compile(const What& what) {
  if (what.language == Language::regex) {
    auto made = Regex::compile(what.text);
    if (auto fault = fault_of(made)) return std::move(*fault);
    return Extractor(std::make_unique<Machine>(Machine{std::get<Regex>(std::move(made))}));
  }
  auto made = Finder::compile(what);
  if (auto fault = fault_of(made)) return std::move(*fault);
  auto& finder = std::get<Finder>(made);
  if (what.fields.empty()) return Extractor(std::make_unique<Machine>(Machine{std::move(finder)}));
  Rows rows{std::move(finder), {}};
  for (const auto& [name, find] : what.fields) {
    auto field = Finder::compile(find);
    if (auto fault = fault_of(field)) return std::move(*fault);
    std::string key;
    append_json_text(key, name);
    rows.fields.push_back(Field{key + ":", std::get<Finder>(std::move(field))});
  }
  return Extractor(std::make_unique<Machine>(Machine{std::move(rows)}));
}

Result<std::string> Extractor::extract(Page& page) const {
  if (const auto* finder = std::get_if<Finder>(&compiled_->made)) return finder->all(page);
  if (const auto* rows = std::get_if<Rows>(&compiled_->made)) return rows->objects(page);
  return matches_of(std::get<Regex>(compiled_->made), page.text());
}

namespace {

constexpr std::uint32_t kMarkup = 1;
constexpr std::uint32_t kLenient = 2;

void put_find(std::string& to, const Extractor::Find& find) {
  put_u32(to, static_cast<std::uint32_t>(find.language));
  put_u32(to, (find.markup ? kMarkup : 0) | (find.lenient ? kLenient : 0));
  put_text(to, find.attr);
  put_text(to, find.text);
}

Extractor::Find take_find(std::string_view& from) {
  Extractor::Find find;
  find.language = static_cast<Extractor::Language>(get_u32(from));
  const std::uint32_t flags = get_u32(from, sizeof(std::uint32_t));
  find.markup = (flags & kMarkup) != 0;
  find.lenient = (flags & kLenient) != 0;
  from.remove_prefix(2 * sizeof(std::uint32_t));
  find.attr = take_text(from);
  find.text = take_text(from);
  return find;
}

}  // namespace

WorkerProgram page_program(const Extractor::What& what) {
  std::string text;
  put_find(text, what);
  for (const auto& [name, find] : what.fields) {
    put_text(text, name);
    put_find(text, find);
  }
  return WorkerProgram(std::move(text), WorkerProgram::Kind::page);
}

Extractor::What page_program_of(std::string_view text) {
  Extractor::What what{take_find(text)};
  while (!text.empty()) {
    std::string name(take_text(text));
    what.fields.emplace_back(std::move(name), take_find(text));
  }
  return what;
}

// The process that reads it has no way to the files in which iconv has its tables.
std::string page_question(const PageQuestion& page) {
  const Markup markup = markup_of(page.content_type, page.body);
  const Utf8Body utf8(page.body, page.content_type, markup);
  const std::string_view converted =
      markup == Markup::xml ? "text/xml;charset=utf-8" : "text/html;charset=utf-8";
  const auto content_type = utf8.is_converted() ? converted : page.content_type;
  const auto body = utf8.is_converted() ? utf8.text() : page.body;
  std::string text;
  text.reserve(content_type.size() + page.url.size() + body.size() + 2 * sizeof(std::uint32_t));
  put_text(text, content_type);
  put_text(text, page.url);
  text += body;
  return text;
}

PageQuestion page_question_of(std::string_view text) {
  PageQuestion page;
  page.content_type = take_text(text);
  page.url = take_text(text);
  page.body = text;
  return page;
}

}  // namespace leat::pipelines
