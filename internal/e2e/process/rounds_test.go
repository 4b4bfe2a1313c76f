//go:build crash && !soak

package process

const randomRounds = 20
