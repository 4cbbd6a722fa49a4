#include "pipelines/extract/page_wire.hpp"

#include <utility>

#include "pipelines/expr/jq_wire.hpp"

namespace leat::pipelines {

WorkerProgram page_program(const Extractor::What& what) {
  std::string text;
  put_u32(text, static_cast<std::uint32_t>(what.language));
  put_u32(text, what.markup ? 1 : 0);
  put_text(text, what.attr);
  text += what.text;
  return WorkerProgram(std::move(text), WorkerProgram::Kind::page);
}

Extractor::What page_program_of(std::string_view text) {
  Extractor::What what;
  what.language = static_cast<Extractor::Language>(get_u32(text));
  what.markup = get_u32(text, sizeof(std::uint32_t)) != 0;
  text.remove_prefix(2 * sizeof(std::uint32_t));
  what.attr = take_text(text);
  what.text = text;
  return what;
}

std::string page_question(const PageQuestion& page) {
  std::string text;
  text.reserve(page.content_type.size() + page.url.size() + page.body.size() + 2 * sizeof(std::uint32_t));
  put_text(text, page.content_type);
  put_text(text, page.url);
  text += page.body;
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
