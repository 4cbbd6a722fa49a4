#include "pipelines/extract/xml_library.hpp"

namespace leat::pipelines {

const XmlLibrary& libxml() {
  static const XmlLibrary loaded;
  return loaded;
}

}  // namespace leat::pipelines
