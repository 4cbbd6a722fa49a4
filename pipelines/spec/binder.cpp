#include "pipelines/spec/binder.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "pipelines/spec/arg_binder.hpp"
#include "pipelines/spec/lexer.hpp"
#include "pipelines/spec/parser.hpp"
#include "pipelines/spec/stage_words.hpp"

namespace leat::pipelines {

namespace {

/// Binds pipelines and the blocks in them; ArgBinder binds the arguments of one stage.
class Binder final : public PipelineBinder {
 public:
  Binder(std::span<const Signature> signatures, Variables& variables, Includes& includes, FaultList& faults)
      : signatures_(signatures), variables_(variables), includes_(includes), faults_(faults) {
    write_.name = "write";
    write_.args.emplace_back().value.text = "json";
  }

  [[nodiscard]] bool is_stage(std::string_view name) const override {
    return std::any_of(signatures_.begin(), signatures_.end(),
                       [&](const Signature& signature) { return signature.name == name; });
  }

  BoundPipeline whole(const ast::Pipeline& tree) { return pipeline(tree, nullptr, Place::top); }

  std::shared_ptr<const BoundPipeline> bind_block(const ast::Pipeline& block, const Scope& scope,
                                                  bool open_end) override {
    return std::make_shared<const BoundPipeline>(
        pipeline(block, &scope, open_end ? Place::open_block : Place::block));
  }

  std::shared_ptr<const BoundPipeline> bind_parts(const ast::Pipeline& block, const Scope& scope,
                                                  const Signature& part, const Signature& owner) override;

 private:
  enum class Place : std::uint8_t { top, block, open_block };

  // A stage and the lets that it sees, which are those of the file that it stands in.
  struct Placed {
    const ast::Stage* stage;
    const Scope* scope;
  };
  struct Flat {
    std::vector<Placed> stages;
    bool damaged = false;  // a stage may be missing
  };

  BoundPipeline pipeline(const ast::Pipeline& tree, const Scope* around, Place place);
  void flatten(const ast::Pipeline& tree, const Scope* around, Flat& flat);
  void include_stages(const ast::Stage& include, const Scope& scope, Flat& flat);
  void define_lets(const std::vector<ast::Statement>& statements, Scope& scope);
  const Signature* find(const ast::Stage& stage, bool wants_source);
  void check_place(const Signature& signature, const ast::Stage& stage, Place place, bool first, bool last);
  std::vector<ast::Stage> parts_of(const ast::Stage& written, const Signature& part, const Signature& owner);
  void end_in_write(BoundPipeline& bound, const Scope& scope);
  [[nodiscard]] std::string names_of_sources() const;

  std::span<const Signature> signatures_;
  Variables& variables_;
  Includes& includes_;
  FaultList& faults_;
  std::deque<Scope> scopes_;  // they outlive this pass, because lets refer to them
  ast::Stage write_;          // the `write json` that the spec may leave out
  std::size_t stages_ = 0;
};

BoundPipeline Binder::pipeline(const ast::Pipeline& tree, const Scope* around, Place place) {
  Flat flat;
  flatten(tree, around, flat);
  BoundPipeline bound;
  if (flat.stages.empty()) {
    auto at = tree.span;
    if (place == Place::top) at.begin = at.end = 0;
    if (!flat.damaged) {
      faults_.add(at, place == Place::top
                          ? "the spec has no stage; the first one is a source such as \"lines\""
                          : "the block has no stage");
    }
    return bound;
  }
  bool sound = !flat.damaged;
  for (std::size_t i = 0; i < flat.stages.size(); ++i) {
    const auto& [stage, scope] = flat.stages[i];
    const bool first = i == 0;
    const bool last = i + 1 == flat.stages.size();
    const Signature* signature = find(*stage, first && place == Place::top);
    if (signature == nullptr) {
      sound = false;
      continue;
    }
    if (++stages_ > kMaxStages) {
      faults_.add(stage->span,
                  "more than " + std::to_string(kMaxStages) + " stages, those of variables counted");
      return bound;
    }
    if (!flat.damaged) check_place(*signature, *stage, place, first, last);
    bound.stages.push_back(ArgBinder(*signature, *stage, *scope, variables_, *this, faults_).bind());
  }
  const bool has_sink = !bound.stages.empty() && bound.stages.back().signature->kind == StageKind::sink;
  if (sound && !has_sink && place != Place::open_block) end_in_write(bound, *flat.stages.back().scope);
  return bound;
}

std::shared_ptr<const BoundPipeline> Binder::bind_parts(const ast::Pipeline& block, const Scope& scope,
                                                        const Signature& part, const Signature& owner) {
  const std::string one(part.name);
  if (!block.statements.empty()) {
    faults_.add(block.statements[0].span, "no let and no include stands among the " + one + "s of " +
                                              in_quotes(std::string(owner.name)));
  }
  if (block.stages.empty() && !block.damaged) faults_.add(block.span, "the block has no " + one);
  if (block.stages.size() > 1) {
    faults_.add(block.stages[1].span, one + "s stand one behind the other, without a \"|\" between them");
  }
  auto bound = std::make_shared<BoundPipeline>();
  std::set<std::string> names;
  for (const auto& written : block.stages) {
    for (const auto& stage : parts_of(written, part, owner)) {
      if (!names.insert(stage.name).second)
        faults_.add(stage.span, "the " + one + " " + in_quotes(stage.name) + " is there twice");
      bound->stages.push_back(ArgBinder(part, stage, scope, variables_, *this, faults_).bind());
    }
  }
  return bound;
}

// The parser has read the parts as one stage, whose values without a key are the names of the other parts.
std::vector<ast::Stage> Binder::parts_of(const ast::Stage& written, const Signature& part,
                                         const Signature& owner) {
  const std::string one(part.name);
  std::vector<ast::Stage> parts;
  const auto begin = [&](const std::string& name, const Span& at) {
    const bool is_name = is_let_name(name);
    if (!is_name && !parts.empty()) parts.back().damaged = true;  // it was meant for that one
    if (!is_name)
      faults_.add(at, in_quotes(name) + " is no name of a " + one + ", which is a word of letters, digits, " +
                          "\"_\" and \"-\", with its arguments behind it");
    auto& made = parts.emplace_back();
    made.name = name;
    made.span = at;
    made.damaged = written.damaged || !is_name;
  };
  if (!written.name.empty()) begin(written.name, written.span);
  for (const auto& arg : written.args) {
    const bool is_text = arg.value.kind == ast::ValueKind::word || arg.value.kind == ast::ValueKind::quoted;
    const auto takes = [&](const Signature& signature) {
      return std::any_of(signature.args.begin(), signature.args.end(),
                         [&](const ArgRow& row) { return row.key == arg.key; });
    };
    if (arg.key.empty() && is_text) {
      begin(arg.value.text, arg.value.span);
    } else if (!arg.key.empty() && !takes(part) && takes(owner)) {
      faults_.add(arg.key_span, in_quotes(arg.key + "=") + " belongs to " +
                                    in_quotes(std::string(owner.name)) + " itself, outside of the braces");
    } else if (!parts.empty()) {
      parts.back().args.push_back(arg);
    }
  }
  return parts;
}

void Binder::flatten(const ast::Pipeline& tree, const Scope* around, Flat& flat) {
  Scope& scope = scopes_.emplace_back(around);
  define_lets(tree.statements, scope);
  flat.damaged = flat.damaged || tree.damaged;
  for (const ast::Stage& stage : tree.stages) {
    if (stage.name == "include") {
      include_stages(stage, scope, flat);
    } else {
      flat.stages.push_back(Placed{&stage, &scope});
    }
  }
}

void Binder::define_lets(const std::vector<ast::Statement>& statements, Scope& scope) {
  for (const ast::Statement& statement : statements) {
    if (!statement.name.empty()) {
      variables_.define(scope, statement);
    } else {
      includes_.with(statement.value,
                     [&](const ast::Pipeline& file) { define_lets(file.statements, scope); });
    }
  }
}

void Binder::include_stages(const ast::Stage& include, const Scope& scope, Flat& flat) {
  const auto before = flat.stages.size();
  if (include.damaged) {
    flat.damaged = true;
    return;
  }
  if (include.args.size() != 1 || !include.args[0].key.empty()) {
    faults_.add(include.span, "include takes one name of a file, as in: include \"common.leat\"");
    flat.damaged = true;
    return;
  }
  bool opened = false;
  includes_.with(include.args[0].value, [&](const ast::Pipeline& file) {
    opened = true;
    flatten(file, &scope, flat);
  });
  if (!opened) {
    flat.damaged = true;
  } else if (flat.stages.size() == before && !flat.damaged) {
    faults_.add(include.args[0].value.span, "this file has no stage");
    flat.damaged = true;
  }
}

const Signature* Binder::find(const ast::Stage& stage, bool wants_source) {
  if (stage.name.empty()) return nullptr;
  const Signature* found = nullptr;
  for (const Signature& signature : signatures_) {
    if (signature.name != stage.name) continue;
    if (found == nullptr || (signature.kind == StageKind::source) == wants_source) found = &signature;
  }
  if (found == nullptr) {
    std::vector<std::string_view> names;
    for (const Signature& signature : signatures_) names.push_back(signature.name);
    names.push_back("include");
    auto hint = hint_for_stage(stage.name, names);
    if (hint.empty()) hint = faults_.suggest(stage.name, names);
    if (hint.empty() && stage.name.find("://") != std::string::npos) hint = "; a URL stands behind \"urls\"";
    if (hint.empty()) hint = "; \"leat help\" lists them";
    faults_.add(stage.span, "no stage " + in_quotes(stage.name) + hint);
  }
  return found;
}

void Binder::check_place(const Signature& signature, const ast::Stage& stage, Place place, bool first,
                         bool last) {
  const auto name = in_quotes(stage.name);
  if (signature.kind == StageKind::source) {
    if (place != Place::top) {
      faults_.add(stage.span, name + " is a source; a block has its records from the stage it belongs to");
    } else if (!first) {
      faults_.add(stage.span, name + " is a source; it stands first");
    }
  } else if (first && place == Place::top) {
    faults_.add(stage.span, name + " is no source; the first stage is one of " + names_of_sources());
  } else if (signature.kind == StageKind::sink) {
    if (place == Place::open_block) {
      faults_.add(stage.span,
                  name + " is an end; what this block gives goes back to the stage it belongs to");
    } else if (!last) {
      faults_.add(stage.span, name + " is an end; no stage may follow it");
    }
  }
}

void Binder::end_in_write(BoundPipeline& bound, const Scope& scope) {
  const auto row = std::find_if(signatures_.begin(), signatures_.end(),
                                [](const Signature& signature) { return signature.name == "write"; });
  if (row == signatures_.end()) return;
  auto write = ArgBinder(*row, write_, scope, variables_, *this, faults_).bind();
  write.span = bound.stages.back().span;
  bound.stages.push_back(std::move(write));
}

std::string Binder::names_of_sources() const {
  std::string names;
  for (const Signature& signature : signatures_) {
    if (signature.kind != StageKind::source) continue;
    names += (names.empty() ? "" : ", ") + std::string(signature.name);
  }
  return names;
}

}  // namespace

BoundPipeline bind(const ast::Pipeline& tree, std::span<const Signature> signatures, Variables& variables,
                   Includes& includes, FaultList& faults) {
  return Binder(signatures, variables, includes, faults).whole(tree);
}

}  // namespace leat::pipelines
