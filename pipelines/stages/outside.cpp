#include "pipelines/stages/outside.hpp"

#include <cstdlib>
#include <stdexcept>
#include <utility>
#include <variant>

namespace leat::pipelines {

Result<std::string> look_up_outside(Template::Outside kind, const std::string& name) {
  if (const char* value = std::getenv(name.c_str())) return std::string(value);
  const char* what = kind == Template::Outside::secret ? "secret:" : "env:";
  return Error(Errc::bad_input,
               std::string(what) + name + " is not set: it is taken from the environment's variable " + name);
}

std::optional<TextFault> check_text(const std::string& text) {
  return fault_of(Template::compile(text, look_up_outside));
}

Template compile_template(const std::string& text) {
  auto compiled = Template::compile(text, look_up_outside);
  if (const auto fault = fault_of(compiled)) throw std::invalid_argument("template: " + fault->message);
  return std::get<Template>(std::move(compiled));
}

}  // namespace leat::pipelines
