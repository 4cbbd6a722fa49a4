#include "pipelines/spec/load.hpp"

#include <cstdint>
#include <utility>

#include "pipelines/spec/binder.hpp"
#include "pipelines/spec/format.hpp"
#include "pipelines/spec/parser.hpp"

namespace leat::pipelines {

namespace {

std::string shown_name(const std::string& file) { return file.empty() ? "spec" : file; }

}  // namespace

LoadedSpec load_spec(std::string text, std::span<const Signature> signatures, const SpecOptions& options) {
  auto sources = std::make_shared<SourceTexts>();
  const auto source = sources->add(shown_name(options.file), std::move(text));
  FaultList faults(*sources, signatures);
  const auto parsed = parse_spec(*sources, source, faults);
  Variables variables(*sources, faults, options.sets, options.getenv, options.read_file);
  Includes includes(*sources, faults, options.file, options.read_file);
  auto bound = bind(parsed.tree, signatures, variables, includes, faults);
  // A let that was not understood may be the one that a --set is for.
  if (!parsed.tree.damaged) variables.report_unused_sets();
  LoadedSpec loaded;
  if (faults.empty()) loaded.pipeline = std::move(bound);
  loaded.faults = faults.take();
  loaded.sources = std::move(sources);
  return loaded;
}

LoadedSpec load_tree(const ast::Pipeline& tree, std::span<const Signature> signatures,
                     const Variables::Getenv& getenv) {
  auto sources = std::make_shared<SourceTexts>();
  sources->add("spec", "");
  FaultList faults(*sources);
  const Variables::Sets no_sets;
  const Includes::ReadFile no_files;
  Variables variables(*sources, faults, no_sets, getenv, no_files, SIZE_MAX);
  variables.take_texts_as_they_are();
  Includes includes(*sources, faults, "", no_files);
  LoadedSpec loaded;
  auto bound = bind(tree, signatures, variables, includes, faults);
  if (faults.empty()) loaded.pipeline = std::move(bound);
  loaded.faults = faults.take();
  loaded.sources = std::move(sources);
  return loaded;
}

std::variant<std::string, SpecFaults> format_spec(std::string text, const std::string& file,
                                                  std::span<const Signature> signatures) {
  SourceTexts sources;
  const auto source = sources.add(shown_name(file), std::move(text));
  FaultList faults(sources, signatures);
  const auto parsed = parse_spec(sources, source, faults);
  if (!faults.empty()) return faults.take();
  return format(parsed.tree);
}

}  // namespace leat::pipelines
