#include "cli/run/spec_loader.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "cli/options/hints/meant.hpp"
#include "engine/text/printable.hpp"
#include "pipelines/stages/stage_table.hpp"

namespace leat::cli {

namespace {

Result<pipelines::Variables::Sets> read_sets(const std::vector<std::string>& given) {
  pipelines::Variables::Sets sets;
  for (const auto& text : given) {
    const auto equals = text.find('=');
    if (equals == std::string::npos || equals == 0) {
      return Error(Errc::bad_input, fmt::format("--set: {} given; takes NAME=VALUE", text::in_quotes(text)));
    }
    sets.emplace_back(text.substr(0, equals), text.substr(equals + 1));
  }
  return sets;
}

std::optional<std::string> environment(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  if (value == nullptr) return std::nullopt;
  return std::string(value);
}

}  // namespace

Result<SpecText> read_spec(const Given& given, System& system) {
  if (given.has("file") && !given.operands.empty()) {
    return Error(Errc::bad_input, "a spec is given as an argument and by --file; takes one of them");
  }
  if (given.operands.size() > 1) {
    return Error(Errc::bad_input,
                 fmt::format("{} arguments given; takes one spec: is it quoted? as in 'lines | fetch'",
                             given.operands.size()));
  }
  SpecText spec;
  if (!given.has("file")) {
    if (given.operands.empty()) {
      return Error(Errc::bad_input, "no spec given; takes one, such as 'lines | fetch', or -f FILE");
    }
    if (auto error = check_spec_word(given.operands.front(), system)) return std::move(*error);
    spec.text = given.operands.front();
    return spec;
  }
  const std::string file = given.text("file");
  auto text = system.read_file(file);
  if (!text) {
    return Error(Errc::bad_input, fmt::format("--file: {}: {}", text::in_quotes(file), text.error().message));
  }
  spec.text = std::move(*text);
  spec.file = file == "-" ? "standard input" : file;
  return spec;
}

Result<pipelines::LoadedSpec> load(const SpecText& spec, const Given& given, System& system,
                                   std::vector<std::string>* read) {
  auto sets = read_sets(given.texts("set"));
  if (!sets) return std::move(sets.error());
  pipelines::SpecOptions how;
  how.file = spec.file;
  how.sets = std::move(*sets);
  how.getenv = environment;
  how.read_file = [&system, read](const std::string& path) {
    if (read != nullptr) read->push_back(path);
    return system.read_file(path);
  };
  return pipelines::load_spec(spec.text, pipelines::stage_signatures(), how);
}

}  // namespace leat::cli
