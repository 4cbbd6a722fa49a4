#include "pipelines/plan/text_use.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "engine/text/ascii.hpp"
#include "pipelines/expr/native_program.hpp"
#include "pipelines/flow/program.hpp"
#include "pipelines/result/outside.hpp"
#include "pipelines/result/result_fields.hpp"

namespace leat::pipelines {

bool program_reads_body(const std::string& text) { return !text.empty() && Program(text).reads_body(); }

bool path_reads_body(const std::string& path) {
  const auto root = path.substr(0, path.find_first_of(".["));
  return root == "body" || root == "json" || root == "lines";
}

bool template_reads_body(const std::string& text) {
  if (text.empty()) return false;
  const auto fields = compile_template(text).fields();
  return std::any_of(fields.begin(), fields.end(), path_reads_body);
}

bool program_reads_answer(const std::string& text) { return !text.empty() && Program(text).reads_answer(); }

bool template_reads_answer(const std::string& text) {
  if (text.empty()) return false;
  const auto fields = compile_template(text).fields();
  return std::any_of(fields.begin(), fields.end(), [](const std::string& path) {
    return is_of_answer(path.substr(0, path.find_first_of(".[")));
  });
}

bool names_url(const Changes& changes) {
  return std::any_of(changes.begin(), changes.end(),
                     [](const auto& change) { return text::starts_with_ignoring_case(change.first, "url"); });
}

std::string fields_note(const std::vector<std::string>& fields) {
  if (fields.empty()) return "";
  return fmt::format("needs {}", fmt::join(fields, " "));
}

std::string program_note(const std::string& text) {
  if (text.empty()) return "";
  const auto native = NativeProgram::compile(text);
  if (!native) return "needs all of the record: its program runs in libjq, in a process of its own";
  return native->names() ? fields_note({native->names()->begin(), native->names()->end()})
                         : "needs all of the record";
}

std::string template_note(const std::string& text) {
  return text.empty() ? "" : fields_note(compile_template(text).fields());
}

void add_note(std::string& notes, const std::string& note) {
  if (note.empty()) return;
  if (!notes.empty()) notes += "; ";
  notes += note;
}

}  // namespace leat::pipelines
