#include "pipelines/spec/arg_binder.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <variant>

#include "pipelines/spec/arg_type.hpp"
#include "pipelines/spec/arg_value.hpp"
#include "pipelines/spec/stage_words.hpp"

namespace leat::pipelines {

namespace {

constexpr std::array kCommon{
    ArgRow{.key = "on-error",
           .name = "{…}",
           .type = ArgType::block,
           .help = "what happens to records that fail here (default: they go to the end and are printed)"},
    ArgRow{.key = "timeout",
           .name = "T",
           .type = ArgType::duration,
           .help = "a record that takes longer fails (default none)",
           .least = 1},
    ArgRow{.key = "n",
           .name = "N",
           .type = ArgType::count,
           .help = "records worked on at once (default 1)",
           .least = 1,
           .most = 65535},
};

template <class Rows>
const ArgRow* find_key(const Rows& rows, std::string_view key) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const ArgRow& row) { return row.key == key; });
  return found == rows.end() ? nullptr : &*found;
}

// Bodies, headers, credentials and names of files are what they are, whatever characters that makes.
bool takes_bytes(ArgType type) noexcept {
  return type == ArgType::text || type == ArgType::header || type == ArgType::path;
}

// Languages of their own have other uses for such braces; their texts are taken as they are.
bool takes_variables(ArgType type) noexcept {
  return type != ArgType::regex && type != ArgType::xpath && type != ArgType::css;
}

}  // namespace

std::span<const ArgRow> common_args() noexcept { return kCommon; }

std::string_view refusal(const Signature& signature, const ArgRow& common) noexcept {
  if (common.key == "on-error") return signature.refuses.on_error;
  return common.key == "timeout" ? signature.refuses.timeout : signature.refuses.n;
}

const BoundArg* BoundStage::find(std::string_view key_or_name) const noexcept {
  const auto found = std::find_if(args.rbegin(), args.rend(), [&](const BoundArg& arg) {
    return arg.key.empty() ? arg.row->name == key_or_name : arg.key == key_or_name;
  });
  return found == args.rend() ? nullptr : &*found;
}

ArgBinder::ArgBinder(const Signature& signature, const ast::Stage& stage, const Scope& scope,
                     Variables& variables, PipelineBinder& pipelines, FaultList& faults)
    : signature_(signature),
      stage_(stage),
      scope_(scope),
      variables_(variables),
      pipelines_(pipelines),
      faults_(faults) {
  any_row_.type = signature.any_key;
  any_row_.check = signature.any_key_check;
  any_row_.program_check = signature.any_key_program_check;
  for (const ArgRow& row : signature.args) {
    if (row.key.empty()) positions_.push_back(&row);
  }
  bound_.signature = &signature;
  bound_.name = stage.name;
  bound_.span = stage.span;
}

BoundStage ArgBinder::bind() {
  for (const ast::Arg& arg : stage_.args) {
    const ArgRow* row = arg.key.empty() ? row_of_position(arg) : row_of_key(arg);
    if (row != nullptr && is_new(arg, *row)) bind_value(arg, *row);
  }
  if (!stage_.damaged) report_missing();
  report_pointless();
  // While one argument is missing because of a fault of its own, nobody can say whether the arguments fit
  // each other.
  const bool all_bound = bound_.args.size() == stage_.args.size();
  if (!stage_.damaged && all_bound && signature_.verify != nullptr) {
    if (const auto why = signature_.verify(bound_)) faults_.add(stage_.span, *why);
  }
  return std::move(bound_);
}

const ArgRow* ArgBinder::row_of_key(const ast::Arg& arg) {
  if (const auto* row = find_key(signature_.args, arg.key)) return row;
  if (const auto* row = find_key(kCommon, arg.key)) {
    const auto why = refusal(signature_, *row);
    if (why.empty()) return row;
    faults_.add(arg.key_span,
                in_quotes(stage_.name) + " takes no " + in_quotes(arg.key + "=") + ": " + std::string(why));
    return nullptr;
  }
  if (signature_.any_key != ArgType::flag) {
    const auto fault =
        signature_.any_key_name_check ? signature_.any_key_name_check(arg.key) : std::optional<TextFault>();
    if (!fault) return &any_row_;
    faults_.add(arg.key_span, fault->message);
    return nullptr;
  }
  report_unknown_key(arg);
  return nullptr;
}

const ArgRow* ArgBinder::row_of_position(const ast::Arg& arg) {
  if (next_position_ == positions_.size()) {
    if (!positions_.empty() && positions_.back()->repeatable) return positions_.back();
    // A surplus value may be the rest of a value that was not understood.
    if (!stage_.damaged && !misfit_) report_surplus(arg);
    return nullptr;
  }
  return positions_[next_position_++];
}

bool ArgBinder::is_new(const ast::Arg& arg, const ArgRow& row) {
  if (arg.key.empty() || row.repeatable || keys_.insert(arg.key).second) {
    if (!arg.key.empty()) keys_.insert(arg.key);
    return true;
  }
  faults_.add(arg.key_span, "\"" + arg.key + "=\" is given twice");
  return false;
}

void ArgBinder::bind_value(const ast::Arg& arg, const ArgRow& row) {
  auto value = variables_.resolve(arg.value, scope_);
  if (!value || (!takes_bytes(row.type) && !variables_.is_text(*value, value->written->span))) return;
  if (value->kind == ast::ValueKind::jq && !variables_.bind_program(*value, scope_)) return;
  const bool is_template = row.type == ArgType::temp || row.type == ArgType::expr;
  if (takes_variables(row.type) && !variables_.bind_text(*value, scope_, is_template)) return;
  const bool is_mixed = value->given && !value->inserted.empty();
  if (is_mixed && row.shown != nullptr && row.shown(value->text) != value->text) {
    faults_.add(value->written->span,
                "a value from outside of the spec may be a secret here, and stands as a whole argument then, "
                "as $name");
    return;
  }
  const auto label = arg.key.empty() ? in_quotes(stage_.name) : arg.key + "=";
  BoundArg made;
  made.row = &row == &any_row_ ? nullptr : &row;
  made.key = arg.key;
  made.span = arg.value.span;
  if (row.type != ArgType::block) {
    auto read = read_value(row, *value, label);
    if (const auto* fault = std::get_if<ValueFault>(&read)) {
      misfit_ = misfit_ || arg.key.empty();
      return report(*value, *fault);
    }
    made.value = std::move(std::get<BoundValue>(read));
  } else if (value->kind == ast::ValueKind::block) {
    const auto& block = *value->written->block;
    made.value.value = row.parts == nullptr
                           ? pipelines_.bind_block(block, *value->scope, row.open_end)
                           : pipelines_.bind_parts(block, *value->scope, *row.parts, signature_);
  } else if (row.parts != nullptr && arg.key.empty()) {
    return report_surplus(arg);
  } else {
    return report(*value, not_taken(row, *value, label));
  }
  bound_.args.push_back(std::move(made));
}

void ArgBinder::report(const PlainValue& value, const ValueFault& fault) {
  Span at = value.written->span;
  if (fault.offset && value.origin.empty()) {
    at = place_within(faults_.sources(), *value.written, value.written_offset(*fault.offset));
  }
  faults_.add(at, fault.message);
}

void ArgBinder::report_unknown_key(const ast::Arg& arg) {
  std::vector<std::string_view> keys;
  for (const ArgRow& row : signature_.args) {
    if (!row.key.empty()) keys.push_back(row.key);
  }
  for (const ArgRow& row : kCommon) {
    if (refusal(signature_, row).empty()) keys.push_back(row.key);
  }
  auto hint = hint_for_key(arg.key, keys);
  if (hint.empty()) hint = faults_.suggest(arg.key, keys);
  const bool takes_texts = !positions_.empty() && positions_.back()->repeatable;
  if (hint.empty() && takes_texts) hint = "; text with a \"=\" in it stands in double quotes";
  if (hint.empty() && signature_.kind == StageKind::part) {
    hint = "; it takes";
    for (const auto key : keys) hint += " " + std::string(key) + "=";
  }
  if (hint.empty()) hint = "; \"leat help " + std::string(signature_.name) + "\" lists them";
  faults_.add(arg.key_span, in_quotes(stage_.name) + " takes no " + in_quotes(arg.key + "=") + hint);
}

void ArgBinder::report_surplus(const ast::Arg& arg) {
  const auto& text = arg.value.text;
  const bool is_word = arg.value.kind == ast::ValueKind::word;
  std::string hint;
  if (is_word && is_loose_unit(arg)) hint = "; a unit follows its number directly, as in 30s";
  if (is_word && text.starts_with('=')) hint = "; a \"=\" follows its key directly";
  if (is_word && pipelines_.is_stage(text)) hint = "; is a \"|\" missing before it?";
  if (is_word && find_key(signature_.args, text) != nullptr) hint = "; did you mean \"" + text + "=…\"?";
  PlainValue shown;
  shown.kind = arg.value.kind;
  shown.text = text;
  std::string message = in_quotes(stage_.name);
  if (positions_.empty() || positions_.back()->parts != nullptr) {
    message += " takes only values with a key, not " + describe(shown);
  } else {
    const auto most = positions_.size() == 1 ? "one value" : std::to_string(positions_.size()) + " values";
    message += " takes " + most + " without a key, and " + describe(shown) + " is one too many";
  }
  faults_.add(arg.value.span, message + hint);
}

// This is the `s` of `30 s`.
bool ArgBinder::is_loose_unit(const ast::Arg& arg) const {
  if (&arg == stage_.args.data() || arg.value.text.find_first_of("0123456789") != std::string::npos)
    return false;
  const auto& before = (&arg - 1)->value;
  return before.kind == ast::ValueKind::word &&
         before.text.find_first_not_of("0123456789.") == std::string::npos;
}

void ArgBinder::report_pointless() {
  for (const ast::Arg& arg : stage_.args) {
    if (arg.key.empty()) continue;
    const ArgRow* row = find_key(signature_.args, arg.key);
    if (row == nullptr || row->only_with.empty() || keys_.contains(std::string(row->only_with))) continue;
    faults_.add(arg.key_span, in_quotes(arg.key + "=") + " of " + in_quotes(stage_.name) +
                                  " means nothing without " + in_quotes(std::string(row->only_with) + "="));
  }
}

void ArgBinder::report_missing() {
  for (std::size_t i = next_position_; i < positions_.size(); ++i) {
    if (!positions_[i]->required) continue;
    faults_.add(stage_.span, in_quotes(stage_.name) + " needs " + takes(*positions_[i]));
    return;
  }
  for (const ArgRow& row : signature_.args) {
    if (row.key.empty() || !row.required || keys_.contains(row.key)) continue;
    faults_.add(stage_.span,
                in_quotes(stage_.name) + " needs " + std::string(row.key) + "= with " + takes(row));
    return;
  }
}

}  // namespace leat::pipelines
