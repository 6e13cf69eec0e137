#pragma once

#include "hourglass/core/window.hpp"  // in core, where the kernels of the convolutions need it
