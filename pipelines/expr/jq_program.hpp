#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/error.hpp"

struct jq_state;

namespace leat::pipelines {

/// An object that inputs may be given as differences to. One thread, as for all of libjq.
class JqObject {
 public:
  explicit JqObject(std::string_view json);
  JqObject(const JqObject&) = delete;
  JqObject& operator=(const JqObject&) = delete;
  ~JqObject();

 private:
  friend class JqProgram;
  struct Held;
  std::unique_ptr<Held> held_;
};

/// A program that libjq, 1.6 or 1.7, compiled.
///
/// Everything of libjq must happen on one thread, and all programs must be compiled before anything is
/// evaluated. It must be in a process that may die, because libjq aborts on some inputs, runs for ever on
/// others, and takes all the memory there is. That is what JqWorker is for, which everybody else uses.
class JqProgram {
 public:
  /// Takes the outputs of one evaluation.
  class Outputs {
   public:
    /// Takes the next output, as JSON. Gives false if there is no room for it; then the evaluation fails.
    virtual bool add(std::string_view json) = 0;

   protected:
    ~Outputs() = default;
  };

  /// Says whether this libjq keeps the digits of a number that it only passes on, as 1.7 does and 1.6
  /// doesn't.
  static bool keeps_digits();
  /// Says whether programs mean what they mean in jq 1.7 and not what they mean in 1.6: by the libjq that is
  /// here, and as in 1.7 if there is none. It may load libjq. Any thread.
  static bool is_1_7();
  /// What to say of a number that it would change.
  static std::string would_change(std::string_view number);

  /// The error is filter_error with all that jq says.
  static Result<JqProgram> compile(const std::string& program);

  /// Adds the outputs as they come. The error is filter_error with the message of jq or of the program's own
  /// `error`. It names a number of the input that this libjq would change.
  Status eval(std::string_view input_json, Outputs& outputs);
  /// Evaluates `base` after replacing some of its members by those of an object.
  Status eval(const JqObject& base, std::string_view difference_json, Outputs& outputs);

  /// Makes libjq call `handler` when there is no memory left; it must not return. For the calling thread.
  void on_out_of_memory(void (*handler)(void*));

 private:
  struct Teardown {
    void operator()(jq_state* state) const noexcept;
  };

  explicit JqProgram(std::unique_ptr<jq_state, Teardown> state) noexcept;
  Status eval(const JqObject* base, std::string_view text, Outputs& outputs);

  std::unique_ptr<jq_state, Teardown> state_;
};

}  // namespace leat::pipelines
