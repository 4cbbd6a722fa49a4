#include "pipelines/expr/jq_nearest.hpp"

#include <algorithm>
#include <vector>

#include "engine/text/nearest.hpp"
#include "pipelines/expr/jq_program.hpp"
#include "pipelines/expr/jq_refused.hpp"

namespace leat::pipelines {

namespace {

/// The built-in functions that leat does not refuse, as "name/arity".
class Builtins final : public JqProgram::Outputs {
 public:
  Builtins() {
    if (auto program = JqProgram::compile("builtins | sort | .[]"))
      static_cast<void>(program->eval("null", *this));
  }
  bool add(std::string_view json) override {
    const auto name = json.substr(1, json.size() - 2);  // no name needs an escape
    if (!find_refused_in_jq(name)) functions_.emplace_back(name);
    return true;
  }

  /// Gives the first function of that name.
  [[nodiscard]] std::string of_name(std::string_view name) const {
    const auto found = std::find_if(functions_.begin(), functions_.end(), [name](std::string_view one) {
      return one.substr(0, one.find('/')) == name;
    });
    return found == functions_.end() ? std::string() : *found;
  }
  [[nodiscard]] std::string near(std::string_view name) const {
    std::vector<std::string_view> names;
    for (const std::string_view one : functions_) names.push_back(one.substr(0, one.find('/')));
    return of_name(text::nearest(name, names));
  }

 private:
  std::vector<std::string> functions_;
};

}  // namespace

std::string suggest_jq_function(std::string_view message) {
  const auto slash = message.find('/');
  if (slash == std::string_view::npos || !message.ends_with(" is not defined")) return {};
  const auto name = message.substr(0, slash);
  const Builtins builtins;
  auto meant = builtins.of_name(name);
  if (meant.empty()) meant = builtins.near(name);
  return meant.empty() ? meant : "; did you mean \"" + meant + "\"?";
}

}  // namespace leat::pipelines
