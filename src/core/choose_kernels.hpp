#pragma once

namespace hourglass {

namespace reference {}
namespace fast {}

// What the plain names, such as matmul_nt, run in this build.
#ifdef HOURGLASS_REFERENCE_KERNELS
namespace chosen = reference;
#else
namespace chosen = fast;
#endif

}  // namespace hourglass
