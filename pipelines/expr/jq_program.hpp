#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "engine/error.hpp"

struct jq_state;

namespace leat::pipelines {

/// An object that inputs may be given as differences to. One thread, as all of libjq.
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

/// A program compiled by libjq 1.6.
///
/// Everything of libjq must happen on one thread, compile before anything is evaluated, and in a process that
/// may die: libjq aborts on some inputs, runs for ever on others, and takes all the memory there is. Hence
/// JqWorker, which is what everybody else uses.
class JqProgram {
 public:
  /// Gives one evaluation's outputs.
  class Outputs {
   public:
    /// The next output, as JSON. False if there is no room for it: the evaluation fails.
    virtual bool add(std::string_view json) = 0;

   protected:
    ~Outputs() = default;
  };

  /// filter_error with all that jq says.
  static Result<JqProgram> compile(const std::string& program);

  /// Adds the outputs as they come. filter_error with the message of jq or of the program's own `error`.
  Status eval(std::string_view input_json, Outputs& outputs);
  /// The same of `base` with the members of an object in place of its own.
  Status eval(const JqObject& base, std::string_view difference_json, Outputs& outputs);

  /// Calls `handler` when there is no memory left; it must not return. For the calling thread.
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
