#pragma once

#include <libxml/HTMLtree.h>
#include <libxml/parser.h>
#include <libxml/tree.h>
#include <libxml/xmlmemory.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

#include "engine/io/shared_library.hpp"

namespace leat::pipelines {

/// The functions of libxml2 that leat calls, under their own names.
struct XmlLibrary {
  io::SharedLibrary library{"libxml2.so.2", "libxml2"};

  io::Symbol<decltype(::htmlNewDocNoDtD)> htmlNewDocNoDtD{library, "htmlNewDocNoDtD"};
  io::Symbol<decltype(::xmlBufferContent)> xmlBufferContent{library, "xmlBufferContent"};
  io::Symbol<decltype(::xmlBufferCreate)> xmlBufferCreate{library, "xmlBufferCreate"};
  io::Symbol<decltype(::xmlBufferFree)> xmlBufferFree{library, "xmlBufferFree"};
  io::Symbol<decltype(::xmlCtxtGetLastError)> xmlCtxtGetLastError{library, "xmlCtxtGetLastError"};
  io::Symbol<decltype(::xmlCtxtReadMemory)> xmlCtxtReadMemory{library, "xmlCtxtReadMemory"};
  io::Symbol<decltype(::xmlDictCreate)> xmlDictCreate{library, "xmlDictCreate"};
  io::Symbol<decltype(::xmlDictLookup)> xmlDictLookup{library, "xmlDictLookup"};
  io::Symbol<decltype(::xmlDocGetRootElement)> xmlDocGetRootElement{library, "xmlDocGetRootElement"};
  io::Symbol<decltype(::xmlFree)> xmlFree{library, "xmlFree"};  // a variable that points to the function
  io::Symbol<decltype(::xmlFreeDoc)> xmlFreeDoc{library, "xmlFreeDoc"};
  io::Symbol<decltype(::xmlFreeParserCtxt)> xmlFreeParserCtxt{library, "xmlFreeParserCtxt"};
  io::Symbol<decltype(::xmlInitParser)> xmlInitParser{library, "xmlInitParser"};
  io::Symbol<decltype(::xmlNewDocComment)> xmlNewDocComment{library, "xmlNewDocComment"};
  io::Symbol<decltype(::xmlNewDocNodeEatName)> xmlNewDocNodeEatName{library, "xmlNewDocNodeEatName"};
  io::Symbol<decltype(::xmlNewDocText)> xmlNewDocText{library, "xmlNewDocText"};
  io::Symbol<decltype(::xmlNewNs)> xmlNewNs{library, "xmlNewNs"};
  io::Symbol<decltype(::xmlNewNsProp)> xmlNewNsProp{library, "xmlNewNsProp"};
  io::Symbol<decltype(::xmlNewParserCtxt)> xmlNewParserCtxt{library, "xmlNewParserCtxt"};
  io::Symbol<decltype(::xmlNodeDump)> xmlNodeDump{library, "xmlNodeDump"};
  io::Symbol<decltype(::xmlNodeGetContent)> xmlNodeGetContent{library, "xmlNodeGetContent"};
  io::Symbol<decltype(::xmlSearchNs)> xmlSearchNs{library, "xmlSearchNs"};
  io::Symbol<decltype(::xmlXPathCompiledEval)> xmlXPathCompiledEval{library, "xmlXPathCompiledEval"};
  io::Symbol<decltype(::xmlXPathCtxtCompile)> xmlXPathCtxtCompile{library, "xmlXPathCtxtCompile"};
  io::Symbol<decltype(::xmlXPathFreeCompExpr)> xmlXPathFreeCompExpr{library, "xmlXPathFreeCompExpr"};
  io::Symbol<decltype(::xmlXPathFreeContext)> xmlXPathFreeContext{library, "xmlXPathFreeContext"};
  io::Symbol<decltype(::xmlXPathFreeObject)> xmlXPathFreeObject{library, "xmlXPathFreeObject"};
  io::Symbol<decltype(::xmlXPathNewContext)> xmlXPathNewContext{library, "xmlXPathNewContext"};
  io::Symbol<decltype(::xmlXPathOrderDocElems)> xmlXPathOrderDocElems{library, "xmlXPathOrderDocElems"};
  io::Symbol<decltype(::xmlXPathRegisterNs)> xmlXPathRegisterNs{library, "xmlXPathRegisterNs"};
};

/// Loads libxml2 when it is first called. A caller that compiles or parses looks at `library.fault()`
/// first. One that has a document or an expression need not: the library is there.
[[nodiscard]] inline const XmlLibrary& libxml() {
  static const XmlLibrary loaded;
  return loaded;
}

}  // namespace leat::pipelines
