#include "pipelines/expr/jq_library.hpp"

namespace leat::pipelines {

const JqLibrary& libjq() {
  static const JqLibrary loaded;
  return loaded;
}

}  // namespace leat::pipelines
