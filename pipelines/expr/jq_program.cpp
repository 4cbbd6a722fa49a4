#include "pipelines/expr/jq_program.hpp"

#include <limits>
#include <utility>

#include "engine/text/utf8.hpp"
#include "pipelines/expr/jq_library.hpp"
#include "pipelines/expr/json_number.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kMostMessage = 4096;
constexpr std::size_t kMostShown = 60;  // of a number
// What 1.7 says of a program that is empty or only defines functions. It gives its input, as in 1.6.
constexpr std::string_view kNoMain = "jq: error: Top-level program not given";

/// Owns a value. libjq's functions consume their arguments: `copy` gives them a reference of their own,
/// `release` gives them this one.
class Value {
 public:
  explicit Value(jv value) noexcept : value_(value) {}
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;
  ~Value() { libjq().jv_free(value_); }

  [[nodiscard]] jv copy() const noexcept { return libjq().jv_copy(value_); }
  [[nodiscard]] jv release() noexcept { return std::exchange(value_, libjq().jv_null()); }
  [[nodiscard]] bool valid() const noexcept { return libjq().jv_get_kind(value_) != JV_KIND_INVALID; }
  [[nodiscard]] bool is_text() const noexcept { return libjq().jv_get_kind(value_) == JV_KIND_STRING; }
  /// Only for a text.
  [[nodiscard]] std::string_view text() const noexcept {
    return {libjq().jv_string_value(value_),
            static_cast<std::size_t>(libjq().jv_string_length_bytes(copy()))};
  }

 private:
  jv value_;
};

/// Makes the error of jq's message: a text as it is, anything else as JSON.
Error filter_error(Value& message) {
  const Value text(message.is_text() ? message.release() : libjq().jv_dump_string(message.release(), 0));
  return Error(Errc::filter_error, std::string(text::cut_utf8(text.text(), kMostMessage)));
}

// Gives the text back as libjq reads and writes it.
std::string through_libjq(std::string_view json) {
  const Value text(
      libjq().jv_dump_string(libjq().jv_parse_sized(json.data(), static_cast<int>(json.size())), 0));
  return std::string(text.text());
}

Error without_input(Error error) {
  if (const auto quote = error.message.rfind(" (while parsing '"); quote != std::string::npos) {
    error.message.resize(quote);
  }
  return error;
}

}  // namespace

void JqProgram::Teardown::operator()(jq_state* state) const noexcept { libjq().jq_teardown(&state); }

JqProgram::JqProgram(std::unique_ptr<jq_state, Teardown> state) noexcept : state_(std::move(state)) {}

bool JqProgram::keeps_digits() {
  constexpr std::string_view kNoDouble = "9007199254740993";
  static const bool keeps = through_libjq(kNoDouble) == kNoDouble;
  return keeps;
}

bool JqProgram::is_1_7() { return libjq().library.fault().has_value() || keeps_digits(); }

std::string JqProgram::would_change(std::string_view number) {
  const auto shown = std::string(number.substr(0, kMostShown));
  return "jq keeps numbers as doubles, which would change " + shown +
         (number.size() > kMostShown ? "..." : "");
}

Result<JqProgram> JqProgram::compile(const std::string& program) {
  if (const auto& fault = libjq().library.fault()) return *fault;
  std::unique_ptr<jq_state, Teardown> state(libjq().jq_init());
  if (state == nullptr) return Error(Errc::filter_error, "jq can't start: no memory");
  std::string said;
  const auto on_error = [](void* to, jv message) {
    const Value text(libjq().jq_format_error(message));
    if (text.is_text()) static_cast<std::string*>(to)->append(text.text()).append("\n");
  };
  libjq().jq_set_error_cb(state.get(), on_error, &said);
  const bool compiled = libjq().jq_compile(state.get(), program.c_str()) != 0;
  libjq().jq_set_error_cb(
      state.get(), [](void*, jv message) { libjq().jv_free(message); }, nullptr);
  if (!compiled && said.starts_with(kNoMain)) return compile(program + "\n.");
  if (!compiled) return Error(Errc::filter_error, said);
  return JqProgram(std::move(state));
}

struct JqObject::Held {
  explicit Held(jv parsed) noexcept : value(parsed) {}
  Value value;
};

JqObject::JqObject(std::string_view json)
    : held_(std::make_unique<Held>(libjq().jv_parse_sized(json.data(), static_cast<int>(json.size())))) {}
JqObject::~JqObject() = default;

namespace {

// The keys stay in the order of `base`.
jv with_members(jv base, const Value& of) {
  const jv members = of.copy();
  for (int i = libjq().jv_object_iter(members); libjq().jv_object_iter_valid(members, i) != 0;
       i = libjq().jv_object_iter_next(members, i)) {
    base = libjq().jv_object_set(base, libjq().jv_object_iter_key(members, i),
                                 libjq().jv_object_iter_value(members, i));
  }
  libjq().jv_free(members);
  return base;
}

}  // namespace

Status JqProgram::eval(std::string_view input_json, Outputs& outputs) {
  return eval(nullptr, input_json, outputs);
}

Status JqProgram::eval(const JqObject& base, std::string_view difference_json, Outputs& outputs) {
  return eval(&base, difference_json, outputs);
}

Status JqProgram::eval(const JqObject* base, std::string_view text, Outputs& outputs) {
  if (text.size() > static_cast<std::size_t>(std::numeric_limits<int>::max())) {
    return Error(Errc::filter_error, "the record is too large for jq");
  }
  if (const auto number = keeps_digits() ? std::string_view() : find_too_exact(text); !number.empty()) {
    return Error(Errc::filter_error, would_change(number));
  }
  Value input(libjq().jv_parse_sized(text.data(), static_cast<int>(text.size())));
  if (!input.valid()) {
    Value message(libjq().jv_invalid_get_msg(input.release()));
    return without_input(filter_error(message));
  }
  libjq().jq_start(state_.get(),
                   base != nullptr ? with_members(base->held_->value.copy(), input) : input.release(), 0);
  for (;;) {
    Value output(libjq().jq_next(state_.get()));
    if (!output.valid()) {
      if (libjq().jq_halted(state_.get()) != 0) return Error(Errc::filter_error, "the program halted");
      if (libjq().jv_invalid_has_msg(output.copy()) == 0) return std::nullopt;
      Value message(libjq().jv_invalid_get_msg(output.release()));
      return filter_error(message);
    }
    const Value json(libjq().jv_dump_string(output.release(), 0));
    if (!outputs.add(json.text())) return Error(Errc::filter_error, "its outputs together are too large");
  }
}

void JqProgram::on_out_of_memory(void (*handler)(void*)) {
  libjq().jq_set_nomem_handler(state_.get(), handler, nullptr);
}

}  // namespace leat::pipelines
