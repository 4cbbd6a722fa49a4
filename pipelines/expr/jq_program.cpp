#include "pipelines/expr/jq_program.hpp"

extern "C" {  // which the headers of 1.6 don't say
#include <jq.h>
}

#include <limits>
#include <utility>

#include "pipelines/text/utf8.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kMostMessage = 4096;

/// Owns a value. libjq's functions consume their arguments: `copy` gives them one, `release` gives them this.
class Value {
 public:
  explicit Value(jv value) noexcept : value_(value) {}
  Value(const Value&) = delete;
  Value& operator=(const Value&) = delete;
  ~Value() { jv_free(value_); }

  [[nodiscard]] jv copy() const noexcept { return jv_copy(value_); }
  [[nodiscard]] jv release() noexcept { return std::exchange(value_, jv_null()); }
  [[nodiscard]] bool valid() const noexcept { return jv_get_kind(value_) != JV_KIND_INVALID; }
  [[nodiscard]] bool is_text() const noexcept { return jv_get_kind(value_) == JV_KIND_STRING; }
  /// Of a text.
  [[nodiscard]] std::string_view text() const noexcept {
    return {jv_string_value(value_), static_cast<std::size_t>(jv_string_length_bytes(copy()))};
  }

 private:
  jv value_;
};

/// An error's message: text as it is, anything else as JSON.
Error filter_error(Value& message) {
  const Value text(message.is_text() ? message.release() : jv_dump_string(message.release(), 0));
  return Error(Errc::filter_error, std::string(cut_utf8(text.text(), kMostMessage)));
}

Error without_input(Error error) {
  if (const auto quote = error.message.rfind(" (while parsing '"); quote != std::string::npos) {
    error.message.resize(quote);
  }
  return error;
}

}  // namespace

void JqProgram::Teardown::operator()(jq_state* state) const noexcept { jq_teardown(&state); }

JqProgram::JqProgram(std::unique_ptr<jq_state, Teardown> state) noexcept : state_(std::move(state)) {}

Result<JqProgram> JqProgram::compile(const std::string& program) {
  std::unique_ptr<jq_state, Teardown> state(jq_init());
  if (state == nullptr) return Error(Errc::filter_error, "jq can't start: no memory");
  std::string said;
  const auto on_error = [](void* to, jv message) {
    const Value text(jq_format_error(message));
    if (text.is_text()) static_cast<std::string*>(to)->append(text.text()).append("\n");
  };
  jq_set_error_cb(state.get(), on_error, &said);
  const bool compiled = jq_compile(state.get(), program.c_str()) != 0;
  jq_set_error_cb(
      state.get(), [](void*, jv message) { jv_free(message); }, nullptr);
  if (!compiled) return Error(Errc::filter_error, said);
  return JqProgram(std::move(state));
}

struct JqObject::Held {
  explicit Held(jv parsed) noexcept : value(parsed) {}
  Value value;
};

JqObject::JqObject(std::string_view json)
    : held_(std::make_unique<Held>(jv_parse_sized(json.data(), static_cast<int>(json.size())))) {}
JqObject::~JqObject() = default;

namespace {

// The keys stay in the order of `base`.
jv with_members(jv base, const Value& of) {
  const jv members = of.copy();
  for (int i = jv_object_iter(members); jv_object_iter_valid(members, i) != 0;
       i = jv_object_iter_next(members, i)) {
    base = jv_object_set(base, jv_object_iter_key(members, i), jv_object_iter_value(members, i));
  }
  jv_free(members);
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
  Value input(jv_parse_sized(text.data(), static_cast<int>(text.size())));
  if (!input.valid()) {
    Value message(jv_invalid_get_msg(input.release()));
    return without_input(filter_error(message));
  }
  jq_start(state_.get(), base != nullptr ? with_members(base->held_->value.copy(), input) : input.release(),
           0);
  for (;;) {
    Value output(jq_next(state_.get()));
    if (!output.valid()) {
      if (jq_halted(state_.get()) != 0) return Error(Errc::filter_error, "the program halted");
      if (jv_invalid_has_msg(output.copy()) == 0) return std::nullopt;
      Value message(jv_invalid_get_msg(output.release()));
      return filter_error(message);
    }
    const Value json(jv_dump_string(output.release(), 0));
    if (!outputs.add(json.text())) return Error(Errc::filter_error, "its outputs together are too large");
  }
}

void JqProgram::on_out_of_memory(void (*handler)(void*)) {
  jq_set_nomem_handler(state_.get(), handler, nullptr);
}

}  // namespace leat::pipelines
